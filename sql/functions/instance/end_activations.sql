create or replace function automation_private.end_activations(
    p_instance automation.workflow_instances,
    p_open automation.workflow_steps[],
    p_status text,
    p_output jsonb
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_turns automation_private.outcome[];
    v_left automation_private.outcome[];
    v_outcomes automation_private.outcome[];
    v_tokens automation_private.token[] := '{}'::automation_private.token[];
begin
    -- what goes inside of something that ends here goes with it
    v_outcomes := array(
        select (
            s.org_id, s.instance_id, p_instance.root_id, s.step_id, p_status, p_output, null, null,
            case when l.has_gone_on then 'gone_on' else s.step_type end
        )::automation_private.outcome
        from unnest(p_open) as s
        left join automation_private.loop_states as l
            on l.org_id = s.org_id and l.instance_id = s.instance_id and l.step_id = s.step_id
        where not automation_private.is_inside(s, array(select o.step_id from unnest(p_open) as o))
        order by s.step_id
    );
    perform automation_private.withdraw_steps(p_open);
    v_turns := array(select o from unnest(v_outcomes) as o where o.branch = 'iteration');
    v_left := array(select o from unnest(v_outcomes) as o where o.branch = 'gone_on');
    if cardinality(v_turns) > 0 then
        v_tokens := automation_private.end_iterations(v_turns);
    end if;
    if cardinality(v_left) > 0 then
        v_tokens := v_tokens || automation_private.complete_loops(v_left);
    end if;
    return v_tokens || automation_private.settle_steps(array(
        select (
            o.org_id, o.instance_id, o.root_id, o.step_id, o.status, o.output, null, null, null
        )::automation_private.outcome
        from unnest(v_outcomes) as o
        where o.branch not in ('iteration', 'gone_on')
    ));
end;
$$;

comment on function automation_private.end_activations(
    automation.workflow_instances, automation.workflow_steps[], text, jsonb
) is
    'Ends open activations as skipped or cancelled, with what is inside them, and takes their '
    'messages back; returns the tokens that go on.';
