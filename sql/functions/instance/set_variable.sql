create or replace function automation.set_variable(
    p_instance_id uuid,
    p_name text,
    p_value jsonb
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('run');
begin
    if coalesce(length(p_name), 0) not between 1 and 200 then
        raise exception using
            errcode = 'MA001',
            message = 'a variable has a name of 1 to 200 characters';
    end if;
    perform automation_private.require_instance(v_org, p_instance_id);
    perform automation_private.assign_variable(
        v_org, p_instance_id, p_name, coalesce(p_value, 'null')
    );
    perform automation_private.record_audit(
        v_org, 'set_variable', 'instance', p_instance_id, jsonb_build_object('name', p_name)
    );
end;
$$;

comment on function automation.set_variable(uuid, text, jsonb) is
    'Sets a variable (vars.<name>) of an instance that has not ended. Steps that are open keep '
    'what they were told; waits for a condition look again.';
