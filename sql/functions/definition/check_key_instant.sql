create or replace function automation_private.check_key_instant(
    p_object jsonb,
    p_key text,
    p_pointer text
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(p_object -> p_key) is distinct from 'string' then
        return automation_private.check_key_type(p_object, p_key, array['string'], p_pointer);
    end if;
    if p_object ->> p_key like '%{{%'
        or automation_private.parse_instant(p_object ->> p_key, 'UTC') is not null
    then
        return null;
    end if;
    return automation_private.build_error(
        automation_private.append_pointer(p_pointer, p_key), 'invalid_instant',
        format('"%s" must be a time', p_key),
        'ISO 8601 such as 2026-03-01T09:00:00Z, or a template such as {{trigger.new.starts_on}}'
    );
end;
$$;

comment on function automation_private.check_key_instant(jsonb, text, text) is
    'The error of a key that is neither an ISO 8601 time nor a template; null when it is, or '
    'absent.';
