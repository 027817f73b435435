create or replace function automation_private.take_out(
    p_leaving automation_private.leaving[]
)
returns automation_private.moved_scope[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_moved automation_private.moved_scope[];
begin
    with moved as (
        update automation.workflow_steps as s
        set
            live = s.live - g.tokens,
            arrived = s.arrived + g.arrived,
            merge_order = coalesce(g.merge_order, s.merge_order),
            status = case
                when s.live = g.tokens and s.step_type = 'split' then 'completed' else s.status
            end,
            completed_at = case
                when s.live = g.tokens and s.step_type = 'split' then automation_private.clock()
            end
        from unnest(p_leaving) as g
        where g.scope_id <> g.instance_id
            and s.org_id = g.org_id
            and s.instance_id = g.instance_id
            and s.step_id = g.scope_id
            and s.status = 'running'
            and automation_private.is_rolling_back(
                g.org_id, g.instance_id, g.scope_id
            ) = coalesce(g.is_undo, false)
        returning
            s.org_id, s.instance_id, g.root_id, s.step_id, s.step_order, s.step_type, s.scope_id,
            s.iteration_id, s.live, coalesce(s.arrived - g.arrived, 0), coalesce(s.arrived, 0),
            s.merge_order
    )

    select array_agg(m::automation_private.moved_scope) into v_moved
    from moved as m;
    return coalesce(v_moved, '{}');
end;
$$;

comment on function automation_private.take_out(automation_private.leaving[]) is
    'Counts tokens out of their scopes; returns the scopes as they are now. Scopes that are closed '
    'already stay as they are: what arrives late is absorbed.';
