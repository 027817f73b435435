create or replace function automation_private.check_key_name(
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
    v_small constant boolean := p_key = 'id';
    v_form constant text := case
        when v_small then '^[a-z][a-z0-9_]{0,62}$' else '^[A-Za-z_][A-Za-z0-9_]{0,62}$'
    end;
begin
    if jsonb_typeof(p_object -> p_key) = 'string' and p_object ->> p_key ~ v_form then
        return null;
    end if;
    if not p_object ? p_key then
        return case
            when v_small then automation_private.build_error(
                p_pointer, 'missing_key', 'a step needs an "id"', 'such as "send_welcome_mail"'
            )
        end;
    end if;
    return automation_private.build_error(
        automation_private.append_pointer(p_pointer, p_key), 'invalid_name',
        format('%s cannot be used as "%s"', left((p_object -> p_key)::text, 100), p_key),
        format(
            'at most 63 %sletters, digits and _, a letter first',
            case when v_small then 'small ' else '' end
        )
    );
end;
$$;

comment on function automation_private.check_key_name(jsonb, text, text) is
    'The error of an id or of the name of a variable; null when it is one. Only an id is '
    'compulsory.';
