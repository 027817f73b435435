create or replace function automation_private.claim_pending(p_limit int)
returns automation_private.pending_actions[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_orgs uuid[] := automation_private.lock_fillable_orgs();
    v_claimed automation_private.pending_actions[];
begin
    with claimed as materialized (
        select p.*
        from unnest(v_orgs) as o (org_id)
        cross join lateral (
            select x.*
            from automation_private.pending_actions as x
            where x.org_id = o.org_id
            order by x.step_id
            limit least(
                p_limit / cardinality(v_orgs) + 1, automation_private.free_places(o.org_id)
            )
            for update skip locked
        ) as p
    ),

    ranked as (
        select c.*, row_number() over (partition by c.org_id order by c.step_id) as turn
        from claimed as c
    ),

    chosen as materialized (
        select r.* from ranked as r order by r.turn, r.org_id limit p_limit
    ),

    removed as (
        delete from automation_private.pending_actions as p
        using chosen as c
        where p.org_id = c.org_id and p.step_id = c.step_id
    )

    select array_agg(
        (c.org_id, c.step_id, c.instance_id, c.root_id)::automation_private.pending_actions
        order by c.turn, c.org_id
    )
    into v_claimed
    from chosen as c;
    return coalesce(v_claimed, '{}');
end;
$$;

comment on function automation_private.claim_pending(int) is
    'Takes pending actions that nobody else has claimed, as many as their organisations have '
    'room for, one of each organisation in turn. An organisation is filled by one session at a '
    'time.';
