create or replace function automation_private.check_retry(p_retry jsonb, p_pointer text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_retry is null then
        return null;
    end if;
    if jsonb_typeof(p_retry) <> 'object' then
        return automation_private.build_error(
            p_pointer, 'wrong_type', '"retry" must be an object',
            'for example {"max_attempts": 5, "backoff": "PT10S", "factor": 2}'
        );
    end if;
    return automation_private.collect_errors(
        automation_private.check_known_keys(
            p_retry,
            array[
                'max_attempts', 'backoff', 'factor', 'max_backoff', 'jitter', 'retry_on',
                'never_retry_on'
            ],
            p_pointer
        ),
        automation_private.check_key_number(p_retry, 'max_attempts', 1, 100, true, p_pointer),
        automation_private.check_key_duration(p_retry, 'backoff', '0', false, p_pointer),
        automation_private.check_key_number(p_retry, 'factor', 1, 100, false, p_pointer),
        automation_private.check_key_duration(p_retry, 'max_backoff', '0', false, p_pointer),
        automation_private.check_key_number(p_retry, 'jitter', 0, 1, false, p_pointer),
        automation_private.check_error_classes(p_retry, 'retry_on', p_pointer),
        automation_private.check_error_classes(p_retry, 'never_retry_on', p_pointer)
    );
end;
$$;

comment on function automation_private.check_retry(jsonb, text) is
    'The errors of a retry policy as people write it; null when there are none.';
