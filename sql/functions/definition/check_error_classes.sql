create or replace function automation_private.check_error_classes(
    p_retry jsonb,
    p_key text,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_classes constant text[] := automation_private.list_error_classes();
    v_pointer text := automation_private.append_pointer(p_pointer, p_key);
begin
    if jsonb_typeof(p_retry -> p_key) is distinct from 'array' then
        return automation_private.check_key_type(p_retry, p_key, array['array'], p_pointer);
    end if;
    if p_retry -> p_key = '[]' then
        return automation_private.build_error(
            v_pointer, 'empty_list', format('"%s" must name at least one error class', p_key),
            'leave the key out to retry whatever may pass by itself'
        );
    end if;
    -- five capitals and digits are an SQLSTATE, which actions inside the database fail with
    return (
        select jsonb_agg(automation_private.suggest_error(
            v_pointer || '/' || (c.ordinality - 1), 'unknown_error_class',
            format('there is no error class %s', left(c.value::text, 100)),
            c.value #>> '{}', v_classes
        ) order by c.ordinality)
        from jsonb_array_elements(p_retry -> p_key) with ordinality as c
        where jsonb_typeof(c.value) <> 'string'
            or c.value #>> '{}' <> all (v_classes) and c.value #>> '{}' !~ '^[0-9A-Z]{5}$'
    );
end;
$$;

comment on function automation_private.check_error_classes(jsonb, text, text) is
    'The errors of retry_on or never_retry_on: a list of error classes or SQLSTATEs that is not '
    'empty.';
