create or replace function automation_private.check_key_choice(
    p_object jsonb,
    p_key text,
    p_choices text[],
    p_code text,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_choice text := p_object ->> p_key;
begin
    if not p_object ? p_key
        or v_choice = any (p_choices) and jsonb_typeof(p_object -> p_key) = 'string'
    then
        return null;
    end if;
    return coalesce(
        automation_private.check_key_type(p_object, p_key, array['string'], p_pointer),
        automation_private.suggest_error(
            automation_private.append_pointer(p_pointer, p_key), p_code,
            format('there is no %s "%s"', p_key, left(v_choice, 100)), v_choice, p_choices
        )
    );
end;
$$;

comment on function automation_private.check_key_choice(jsonb, text, text[], text, text) is
    'The error of a key whose value is none of the choices; null when it is one, or absent.';
