create or replace function automation_private.check_retryable(
    p_instance automation.workflow_instances,
    p_from_step text
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_instance.error_details ? 'undone' then
        raise exception using
            errcode = 'MA105',
            message = 'what the instance had done has been undone',
            detail = format('instance %s', p_instance.instance_id),
            hint = 'start it anew, or use fork_workflow';
    elsif exists (
        select from automation.workflow_steps as s
        where s.org_id = p_instance.org_id
            and s.instance_id = p_instance.parent_instance_id
            and s.step_id = p_instance.parent_step_id
            and s.status in ('pending', 'running', 'waiting')
    ) then
        raise exception using
            errcode = 'MA105',
            message = 'the instance that waits for this one repeats it by itself',
            detail = format('instance %s', p_instance.parent_instance_id);
    elsif p_from_step is null and not automation_private.has_reopenable(p_instance) then
        raise exception using
            errcode = 'MA105',
            message = 'nothing was open in the instance when it failed',
            detail = format('instance %s', p_instance.instance_id),
            hint = 'name the step from which it goes on (p_from_step)';
    end if;
end;
$$;

comment on function automation_private.check_retryable(automation.workflow_instances, text) is
    'Raises MA105 when a failed instance cannot be retried.';
