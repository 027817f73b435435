create or replace function automation_private.check_text_value(
    p_schema jsonb, p_value jsonb, p_pointer text
)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text text := p_value #>> '{}';
    v_shortest integer := (p_schema ->> 'minLength')::integer;
    v_longest integer := (p_schema ->> 'maxLength')::integer;
    v_hint text := p_schema ->> 'description';
begin
    return automation_private.collect_errors(
        case
            when v_text = '' and v_shortest > 0 then automation_private.build_error(
                p_pointer, 'min_length', 'must not be empty', v_hint)
            when length(v_text) < v_shortest then automation_private.build_error(
                p_pointer, 'min_length', format('must have at least %s characters', v_shortest),
                v_hint)
            when length(v_text) > v_longest then automation_private.build_error(
                p_pointer, 'max_length', format('must have at most %s characters, not %s',
                    v_longest, length(v_text)),
                v_hint)
        end,
        case when v_text !~ (p_schema ->> 'pattern') then automation_private.build_error(
            p_pointer, 'pattern', 'does not have the form expected here',
            coalesce(v_hint, format('the pattern is %s', p_schema ->> 'pattern')))
        end,
        case when not automation_private.has_format(v_text, p_schema ->> 'format')
            then automation_private.build_error(
                p_pointer, 'format', format('must be %s', case p_schema ->> 'format'
                    when 'uri' then 'an address such as https://example.org/page'
                    when 'email' then 'an e-mail address such as ann@example.org'
                    else 'a date and time such as 2026-03-01T09:30:00Z' end),
                v_hint)
        end
    );
end;
$$;

comment on function automation_private.check_text_value(jsonb, jsonb, text) is
    'The errors of a text: its length, its pattern, its format; null when it fits.';
