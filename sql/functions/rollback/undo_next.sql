create or replace function automation_private.undo_next(
    p_boundaries automation_private.outcome[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tokens automation_private.token[];
begin
    with latest as materialized (
        select x.*, b.root_id
        from unnest(p_boundaries) as b
        cross join lateral (
            select y.org_id, y.instance_id, y.step_id
            from automation_private.undo_steps as y
            where y.org_id = b.org_id
                and y.instance_id = b.instance_id
                and y.boundary_id = b.step_id
                and not y.has_begun
            order by y.place
            limit 1
        ) as x
    ),

    next as (
        update automation_private.undo_steps as u
        set has_begun = true
        from latest as l
        where u.org_id = l.org_id and u.instance_id = l.instance_id and u.step_id = l.step_id
        returning
            u.org_id, u.instance_id, l.root_id, u.step_order, u.boundary_id, u.iteration_id,
            u.from_order
    )

    select array_agg((
        n.org_id, n.instance_id, n.root_id, n.step_order, n.boundary_id, n.iteration_id,
        n.from_order, null
    )::automation_private.token)
    into v_tokens
    from next as n;
    return coalesce(v_tokens, '{}');
end;
$$;

comment on function automation_private.undo_next(automation_private.outcome[]) is
    'The token that undoes the next step in each of these instances and scopes (step_id); none '
    'where everything has been undone.';
