create or replace function automation_private.decide_waits(
    p_woken automation_private.due_timer[]
)
returns automation_private.outcome[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_org_ids uuid[] := array(select t.org_id from unnest(p_woken) as t);
    v_instance_ids uuid[] := array(select t.instance_id from unnest(p_woken) as t);
    v_step_ids uuid[] := array(select t.step_id from unnest(p_woken) as t);
begin
    perform automation_private.judge_matches(v_org_ids, v_instance_ids, v_step_ids);
    perform automation_private.consume_events(v_org_ids, v_instance_ids, v_step_ids);
    -- offset 0: by primary key, whatever the statistics suggest
    return array(
        select (
            c.org_id, c.instance_id, i.root_id, c.step_id, 'completed',
            automation_private.wait_output(c, s.started_at, v_now), null,
            least(extract(epoch from v_now - s.started_at) * 1000, 2147483647),
            d.cases -> c.place - 1 ->> 'name'
        )::automation_private.outcome
        from automation_private.choose_matches(v_org_ids, v_instance_ids, v_step_ids) as c
        cross join lateral (
            select x.root_id, x.definition_id
            from automation.workflow_instances as x
            where x.org_id = c.org_id and x.instance_id = c.instance_id
            offset 0
        ) as i
        cross join lateral (
            select x.step_order, x.started_at
            from automation.workflow_steps as x
            where x.org_id = c.org_id and x.instance_id = c.instance_id and x.step_id = c.step_id
            offset 0
        ) as s
        cross join lateral (
            select x.cases
            from automation.workflow_definition_steps as x
            where x.org_id = c.org_id
                and x.definition_id = i.definition_id
                and x.step_order = s.step_order
            offset 0
        ) as d
        order by c.org_id, c.step_id
    );
end;
$$;

comment on function automation_private.decide_waits(automation_private.due_timer[]) is
    'The waits that the events noted for them end: by the first branch that has as many as it '
    'needs.';
