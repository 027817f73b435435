create or replace function automation_private.check_key_duration(
    p_object jsonb,
    p_key text,
    p_shortest interval,
    p_templated boolean,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_pointer text := automation_private.append_pointer(p_pointer, p_key);
    v_duration interval;
begin
    if jsonb_typeof(p_object -> p_key) is distinct from 'string' then
        return automation_private.check_key_type(p_object, p_key, array['string'], p_pointer);
    end if;
    if p_templated and p_object ->> p_key like '%{{%' then
        return null;
    end if;
    v_duration := automation_private.parse_duration(p_object ->> p_key);
    if v_duration is null then
        return automation_private.build_error(
            v_pointer, 'invalid_duration', format('"%s" must be a duration', p_key),
            'ISO 8601 such as PT1H or P2D; also plain ones such as 90s or 2 days'
        );
    end if;
    if v_duration not between p_shortest and interval '5 years' then
        return automation_private.build_error(
            v_pointer, 'out_of_range',
            format(
                '"%s" must be %sat most five years', p_key,
                case when p_shortest > interval '0' then 'longer than zero and ' else '' end
            )
        );
    end if;
    return null;
end;
$$;

comment on function automation_private.check_key_duration(jsonb, text, interval, boolean, text) is
    'The error of a key whose value is no duration within the bounds; null when it is one, or '
    'absent. Where templates are allowed, a text with braces passes.';
