create or replace function automation_private.lock_instance(
    p_org_id uuid,
    p_instance_id uuid,
    p_statuses text[] default '{running,paused}'
)
returns automation.workflow_instances
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_root uuid;
    v_instance automation.workflow_instances;
begin
    select i.root_id into v_root
    from automation.workflow_instances as i
    where i.org_id = p_org_id and i.instance_id = p_instance_id;
    perform automation_private.lock_roots(array[p_org_id], array[v_root]);
    select i.* into v_instance
    from automation.workflow_instances as i
    where i.org_id = p_org_id and i.instance_id = p_instance_id;
    if v_instance.status <> all (p_statuses) then
        raise exception using
            errcode = 'MA105',
            message = format('the instance is %s', v_instance.status),
            detail = format('instance %s', p_instance_id),
            hint = format('this can be done when it is %s', array_to_string(p_statuses, ' or '));
    end if;
    return v_instance;
end;
$$;

comment on function automation_private.lock_instance(uuid, uuid, text[]) is
    'Locks the family of an instance and returns it as it is now. Raises MA105 unless it has one '
    'of these statuses.';
