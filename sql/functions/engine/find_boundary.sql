create or replace function automation_private.find_boundary(
    p_org_id uuid,
    p_instance_id uuid,
    p_scope_id uuid
)
returns uuid
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_scope_id uuid := p_scope_id;
    v_scope record;
begin
    while v_scope_id <> p_instance_id loop
        select s.step_type, s.scope_id into strict v_scope
        from automation.workflow_steps as s
        where s.org_id = p_org_id
            and s.instance_id = p_instance_id
            and s.step_id = v_scope_id;
        exit when v_scope.step_type in ('iteration', 'scope');
        v_scope_id := v_scope.scope_id;
    end loop;
    return v_scope_id;
end;
$$;

comment on function automation_private.find_boundary(uuid, uuid, uuid) is
    'What fails with a step that lives in a scope: the innermost turn of a loop or scope step '
    'around it, else the instance.';
