create or replace function automation_private.list_iterations(
    p_org_id uuid,
    p_instance_id uuid,
    p_iteration_id uuid
)
returns uuid[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_chain uuid[] := array[]::uuid[];
    v_iteration_id uuid := p_iteration_id;
begin
    while v_iteration_id is not null loop
        v_chain := v_chain || v_iteration_id;
        select s.iteration_id into strict v_iteration_id
        from automation.workflow_steps as s
        where s.org_id = p_org_id
            and s.instance_id = p_instance_id
            and s.step_id = v_iteration_id;
    end loop;
    return v_chain;
end;
$$;

comment on function automation_private.list_iterations(uuid, uuid, uuid) is
    'A turn of a loop and those around it, the innermost first.';
