create or replace function automation_private.check_key_number(
    p_object jsonb,
    p_key text,
    p_lowest numeric,
    p_highest numeric,
    p_whole boolean,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_number numeric;
begin
    if jsonb_typeof(p_object -> p_key) is distinct from 'number' then
        return automation_private.check_key_type(p_object, p_key, array['number'], p_pointer);
    end if;
    v_number := (p_object -> p_key)::numeric;
    if v_number between p_lowest and p_highest
        and not (p_whole and v_number <> trunc(v_number))
    then
        return null;
    end if;
    return automation_private.build_error(
        automation_private.append_pointer(p_pointer, p_key), 'out_of_range',
        format(
            '"%s" must be %s from %s to %s', p_key,
            case when p_whole then 'a whole number' else 'a number' end, p_lowest, p_highest
        )
    );
end;
$$;

comment on function automation_private.check_key_number(
    jsonb, text, numeric, numeric, boolean, text
) is
    'The error of a key whose value is no number within the bounds; null when it is one, or '
    'absent.';
