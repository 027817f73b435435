create or replace function automation_private.check_limit(p_limit jsonb, p_pointer text)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_rolling boolean := p_limit ->> 'per' ~ '^rolling ';
begin
    if jsonb_typeof(p_limit) <> 'object' then
        return automation_private.build_error(
            p_pointer, 'wrong_type', 'a limit is an object', '{"max": 100, "per": "day"}'
        );
    end if;
    return automation_private.collect_errors(
        automation_private.check_known_keys(
            p_limit, array['max', 'per', 'scope', 'key', 'timezone', 'count_on', 'on_hit'],
            p_pointer
        ),
        automation_private.check_one_of(p_limit, array['max'], p_pointer),
        automation_private.check_one_of(p_limit, array['per'], p_pointer),
        automation_private.check_key_number(
            p_limit, 'max', 0, case when v_is_rolling then 1000 else 1000000000 end, true,
            p_pointer
        ),
        case
            when v_is_rolling and coalesce(
                automation_private.parse_duration(substr(p_limit ->> 'per', 9))
                not between interval '1 second' and interval '366 days', true
            ) then automation_private.build_error(
                p_pointer || '/per', 'invalid_duration',
                'a rolling window is a duration from one second to a year', 'rolling PT24H'
            )
            when not v_is_rolling then automation_private.check_key_choice(
                p_limit, 'per', array['minute', 'hour', 'day', 'week', 'month'], 'unknown_mode',
                p_pointer
            )
        end,
        automation_private.check_key_choice(
            p_limit, 'scope', array['rule', 'subject', 'org'], 'unknown_mode', p_pointer
        ),
        automation_private.check_key_template(p_limit, 'key', p_pointer),
        automation_private.check_timezone(p_limit, p_pointer),
        automation_private.check_key_choice(
            p_limit, 'count_on', array['start', 'success'], 'unknown_mode', p_pointer
        ),
        automation_private.check_key_choice(
            p_limit, 'on_hit', array['skip', 'defer', 'fail'], 'unknown_mode', p_pointer
        ),
        case
            when p_limit ->> 'on_hit' = 'defer' and p_limit ->> 'per' in ('week', 'month')
                then automation_private.build_error(
                    p_pointer || '/on_hit', 'contradiction',
                    'what is deferred waits for 72 hours at most'
                )
        end
    );
end;
$$;

comment on function automation_private.check_limit(jsonb, text) is
    'The errors of one limit of a rule.';
