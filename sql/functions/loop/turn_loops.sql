create or replace function automation_private.turn_loops(
    p_org_ids uuid[],
    p_instance_ids uuid[],
    p_root_ids uuid[],
    p_step_ids uuid[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_turns automation_private.loop_turn[];
    v_done automation_private.loop_turn[];
    v_tokens automation_private.token[] := '{}'::automation_private.token[];
begin
    v_turns := array(
        select (
            x.org_id, x.instance_id, x.root_id, x.step_id, s.iteration_id, s.attempt,
            l.started, v.verdict, v.starts, v.error,
            case
                when v.verdict in ('complete', 'go_on') then automation_private.loop_output(
                    l, d.output_is_read or d.saves <> 'none' or s.scope_id <> s.instance_id
                )
            end,
            d.body_order, d.step_order, d.step_key, d.options ->> 'as',
            s.live > 0
        )::automation_private.loop_turn
        from (
            select distinct u.org_id, u.instance_id, u.root_id, u.step_id
            from unnest(p_org_ids, p_instance_ids, p_root_ids, p_step_ids)
                as u (org_id, instance_id, root_id, step_id)
        ) as x
        cross join lateral (
            select y.*
            from automation.workflow_steps as y
            where y.org_id = x.org_id
                and y.instance_id = x.instance_id
                and y.step_id = x.step_id
                and y.status = 'running'
            offset 0
        ) as s
        cross join lateral (
            select y.*
            from automation_private.loop_states as y
            where y.org_id = x.org_id
                and y.instance_id = x.instance_id
                and y.step_id = x.step_id
            offset 0
        ) as l
        cross join lateral (
            select y.definition_id, y.timezone
            from automation.workflow_instances as y
            where y.org_id = x.org_id
                and y.instance_id = x.instance_id
                and y.status in ('running', 'paused')
            offset 0
        ) as i
        cross join lateral (
            select y.*
            from automation.workflow_definition_steps as y
            where y.org_id = x.org_id
                and y.definition_id = i.definition_id
                and y.step_order = s.step_order
            offset 0
        ) as d
        cross join lateral automation_private.decide_turn(
            d, l, s.live, s.iteration_id, v_now, i.timezone
        ) as v
    );
    v_done := array(
        select t from unnest(v_turns) as t where t.verdict in ('complete', 'go_on', 'fail', 'ended')
    );
    if cardinality(v_done) > 0 then
        v_tokens := automation_private.end_loops(v_done);
    end if;
    v_turns := array(select t from unnest(v_turns) as t where t.verdict = 'start');
    if cardinality(v_turns) > 0 then
        v_tokens := v_tokens || automation_private.start_iterations(v_turns);
    end if;
    return v_tokens;
end;
$$;

comment on function automation_private.turn_loops(uuid[], uuid[], uuid[], uuid[]) is
    'What follows in loops that have just begun or one of whose turns has ended: more turns, or '
    'the loop''s own end. Returns the tokens that go on.';
