create or replace function automation_private.is_inside(
    p_step automation.workflow_steps,
    p_step_ids uuid[]
)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_scope_id uuid := p_step.scope_id;
begin
    while v_scope_id <> p_step.instance_id loop
        if v_scope_id = any (p_step_ids) then
            return true;
        end if;
        select s.scope_id into strict v_scope_id
        from automation.workflow_steps as s
        where s.org_id = p_step.org_id
            and s.instance_id = p_step.instance_id
            and s.step_id = v_scope_id;
    end loop;
    return false;
end;
$$;

comment on function automation_private.is_inside(automation.workflow_steps, uuid[]) is
    'Whether an activation lives, at any depth, in one of these.';
