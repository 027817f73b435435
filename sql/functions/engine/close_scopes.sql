create or replace function automation_private.close_scopes(p_gone automation_private.token[])
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_closed automation_private.closed_scope[];
begin
    with gone as (
        select
            t.org_id, t.instance_id, t.root_id, t.scope_id,
            count(*)::int as tokens,
            count(*) filter (where t.step_order < 0)::int as arrived,
            nullif(-min(t.step_order), 0) as merge_order
        from unnest(p_gone) as t
        where t.scope_id <> t.instance_id
        group by t.org_id, t.instance_id, t.root_id, t.scope_id
    ),

    scopes as (
        update automation.workflow_steps as s
        set
            live = s.live - g.tokens,
            arrived = s.arrived + g.arrived,
            merge_order = coalesce(g.merge_order, s.merge_order),
            status = case when s.live = g.tokens then 'completed' else s.status end,
            completed_at = case when s.live = g.tokens then automation_private.clock() end
        from gone as g
        where s.org_id = g.org_id
            and s.instance_id = g.instance_id
            and s.step_id = g.scope_id
            and s.status = 'running'
        returning
            s.org_id, s.instance_id, g.root_id, s.step_order, s.scope_id, s.iteration, s.live,
            s.arrived, s.merge_order
    )

    select array_agg((
        c.org_id, c.instance_id, c.root_id, c.step_order, c.scope_id, c.iteration, c.arrived,
        c.merge_order
    )::automation_private.closed_scope)
    into v_closed
    from scopes as c
    where c.live = 0;

    perform automation_private.end_instance_tokens(p_gone);
    if v_closed is null then
        return '{}'::automation_private.token[];
    end if;
    return automation_private.fire_merges(v_closed);
end;
$$;

comment on function automation_private.close_scopes(automation_private.token[]) is
    'Takes tokens that ended or arrived at a merge out of their scopes and returns the tokens '
    'that go on where a scope has lost its last one.';
