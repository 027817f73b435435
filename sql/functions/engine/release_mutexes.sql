create or replace function automation_private.release_mutexes(
    p_org_ids uuid[],
    p_instance_ids uuid[],
    p_step_ids uuid[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tokens automation_private.token[];
begin
    with freed as (
        delete from automation_private.mutexes as m
        using (
            select distinct u.org_id, u.instance_id, u.step_id
            from unnest(p_org_ids, p_instance_ids, p_step_ids)
                as u (org_id, instance_id, step_id)
        ) as u
        where m.org_id = u.org_id and m.instance_id = u.instance_id and m.step_id = u.step_id
        returning m.org_id, m.instance_id, m.mutex
    ),

    first as (
        select h.*
        from freed as f
        cross join lateral (
            select x.*
            from automation_private.held_tokens as x
            where x.org_id = f.org_id and x.instance_id = f.instance_id and x.mutex = f.mutex
            order by x.held_id
            limit 1
        ) as h
    ),

    let_in as (
        delete from automation_private.held_tokens as h
        using first as f
        where h.org_id = f.org_id and h.instance_id = f.instance_id and h.held_id = f.held_id
        returning h.*
    )

    select array_agg(automation_private.held_token(l) order by l.held_id)
    into v_tokens
    from let_in as l;
    return coalesce(v_tokens, '{}');
end;
$$;

comment on function automation_private.release_mutexes(uuid[], uuid[], uuid[]) is
    'Frees the mutexes that activations hold and returns the token that has waited longest for '
    'each.';
