create or replace function automation_private.check_key_template(
    p_object jsonb,
    p_key text,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_pointer constant text := automation_private.append_pointer(p_pointer, p_key);
    v_compiled automation_private.compiled_template;
begin
    if jsonb_typeof(p_object -> p_key) is distinct from 'string' then
        return automation_private.check_key_type(p_object, p_key, array['string'], p_pointer);
    end if;
    v_compiled := automation_private.compile_template(p_object -> p_key, '{}', v_pointer);
    return coalesce(
        v_compiled.errors,
        case
            when not v_compiled.reads <@ '{trigger}' then automation_private.build_error(
                v_pointer, 'unknown_root', 'before a run begins there is nothing but its trigger',
                '{{trigger.campaign_id}}'
            )
        end
    );
end;
$$;

comment on function automation_private.check_key_template(jsonb, text, text) is
    'The error of a key that tells firings apart: a template of what triggers them.';
