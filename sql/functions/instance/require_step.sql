create or replace function automation_private.require_step(
    p_instance automation.workflow_instances,
    p_step text
)
returns automation.workflow_definition_steps
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_step automation.workflow_definition_steps;
begin
    select d.* into v_step
    from automation.workflow_definition_steps as d
    where d.org_id = p_instance.org_id
        and d.definition_id = p_instance.definition_id
        and d.step_key = p_step;
    if v_step.step_key is null then
        raise exception using
            errcode = 'MA002',
            message = 'the step does not exist',
            detail = format('step %s', p_step);
    end if;
    return v_step;
end;
$$;

comment on function automation_private.require_step(automation.workflow_instances, text) is
    'A step of the definition that an instance runs. Raises MA002 when there is none of that id.';
