create or replace function automation_private.add_link(
    p_step automation_private.compiled_step,
    p_role text,
    p_object jsonb,
    p_key text,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_pointer text := automation_private.append_pointer(p_pointer, p_key);
    v_target text := case
        when jsonb_typeof(p_object -> p_key) = 'string' then p_object ->> p_key
    end;
begin
    p_step.links := p_step.links
        || (p_role, v_target, v_pointer)::automation_private.step_link;
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_key_type(p_object, p_key, array['string', 'null'], p_pointer)
    );
    return p_step;
end;
$$;

comment on function automation_private.add_link(
    automation_private.compiled_step, text, jsonb, text, text
) is
    'The step with a link to the step that the key of the object names; without one the token '
    'ends.';
