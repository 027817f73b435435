create or replace function automation_private.find_open_loop(
    p_instance automation.workflow_instances,
    p_step automation.workflow_definition_steps,
    p_step_id uuid
)
returns automation_private.loop_states
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_states automation_private.loop_states[] := array(
        select l
        from unnest(automation_private.find_open_steps(
            p_instance, p_step.step_key, p_step_id
        )) as s
        inner join automation_private.loop_states as l
            on l.org_id = s.org_id and l.instance_id = s.instance_id and l.step_id = s.step_id
        where s.status = 'running' and not l.has_gone_on
    );
begin
    if cardinality(v_states) <> 1 then
        perform automation_private.refuse_step(
            p_instance.instance_id, p_step.step_key,
            case cardinality(v_states)
                when 0 then 'the loop does not run'
                else format('the loop runs %s times', cardinality(v_states))
            end,
            case when cardinality(v_states) > 1 then 'name one of its activations (p_step_id)' end
        );
    end if;
    return v_states[1];
end;
$$;

comment on function automation_private.find_open_loop(
    automation.workflow_instances, automation.workflow_definition_steps, uuid
) is
    'How far the one running activation of a loop is. Raises MA106 when it does not run, or '
    'several times.';
