create or replace function automation_private.read_locals(
    p_org_id uuid,
    p_instance_id uuid,
    p_iteration_id uuid
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_step record;
    v_locals jsonb;
    v_iteration_id uuid := p_iteration_id;
begin
    while v_iteration_id is not null loop
        select s.locals, s.iteration_id into strict v_step
        from automation.workflow_steps as s
        where s.org_id = p_org_id
            and s.instance_id = p_instance_id
            and s.step_id = v_iteration_id;
        v_locals := case
            when v_locals is null then v_step.locals
            else jsonb_build_object(
                'roots', (v_step.locals -> 'roots') || (v_locals -> 'roots'),
                'vars', (v_step.locals -> 'vars') || (v_locals -> 'vars'),
                'steps', (v_step.locals -> 'steps') || (v_locals -> 'steps')
            )
        end;
        v_iteration_id := v_step.iteration_id;
    end loop;
    return v_locals;
end;
$$;

comment on function automation_private.read_locals(uuid, uuid, uuid) is
    'What the steps in a turn of a loop see beyond the instance''s context: {"roots", "vars", '
    '"steps"}; inner turns shadow outer ones. Null outside of loops.';
