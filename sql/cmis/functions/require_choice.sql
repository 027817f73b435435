create or replace function automation_cmis.require_choice(
    p_config jsonb,
    p_name text,
    p_choices text[],
    p_default text
)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_config ->> p_name is null and p_default is not null then
        return p_default;
    elsif jsonb_typeof(p_config -> p_name) = 'string' and p_config ->> p_name = any (p_choices) then
        return p_config ->> p_name;
    end if;
    raise exception using
        errcode = 'MA001',
        message = format('"%s" is none of its values', p_name),
        detail = format('got %s', coalesce(left((p_config -> p_name)::text, 100), 'nothing')),
        hint = format('give %s', array_to_string(p_choices, ' or '));
end;
$$;

comment on function automation_cmis.require_choice(jsonb, text, text[], text) is
    'Which of these a configuration holds under this name, or the default when it holds nothing; '
    'raises MA001 for anything else, and for nothing when there is no default.';
