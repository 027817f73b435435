create or replace function automation_private.complete_retry(p_retry jsonb)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return jsonb_strip_nulls(jsonb_build_object(
        'max_attempts', coalesce(p_retry -> 'max_attempts', '3'),
        'backoff', extract(
            epoch from automation_private.parse_duration(coalesce(p_retry ->> 'backoff', 'PT10S'))
        ),
        'factor', coalesce(p_retry -> 'factor', '2'),
        'max_backoff', extract(
            epoch from
            automation_private.parse_duration(coalesce(p_retry ->> 'max_backoff', 'PT1H'))
        ),
        'jitter', coalesce(p_retry -> 'jitter', '0.2'),
        'retry_on', p_retry -> 'retry_on',
        'never_retry_on', p_retry -> 'never_retry_on'
    ));
end;
$$;

comment on function automation_private.complete_retry(jsonb) is
    'A sound retry policy as the engine reads it: defaults filled in, durations in seconds.';
