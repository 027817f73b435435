create or replace function automation_private.require_instance(
    p_org_id uuid,
    p_instance_id uuid
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from automation.workflow_instances as i
        where i.org_id = p_org_id and i.instance_id = p_instance_id
    ) then
        raise exception using
            errcode = 'MA002',
            message = 'the instance does not exist',
            detail = format('instance %s', p_instance_id);
    end if;
end;
$$;

comment on function automation_private.require_instance(uuid, uuid) is
    'Raises MA002 unless the organisation has the instance.';
