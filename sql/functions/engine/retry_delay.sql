create or replace function automation_private.retry_delay(
    p_retry jsonb,
    p_attempt int,
    p_error jsonb
)
returns interval
language sql
volatile
return case
    when p_retry is null and p_error ->> 'code' = '55P03' and p_attempt < 20
        then make_interval(secs => least(30, 0.5 * power(1.5, p_attempt)) * (0.5 + random()))
    when p_retry is null
        or p_attempt >= (p_retry ->> 'max_attempts')::int
        or coalesce((p_error ->> 'permanent')::boolean, false)
        or not coalesce(
            p_retry -> 'retry_on' ?| array[p_error ->> 'class', p_error ->> 'code'],
            p_error ->> 'class' in (
                'timeout', 'connection', 'rate_limited', 'http_5xx', 'unavailable', 'crashed',
                'error'
            ),
            false
        )
        or coalesce(
            p_retry -> 'never_retry_on' ?| array[p_error ->> 'class', p_error ->> 'code'], false
        )
        then null
    else make_interval(
        secs => greatest(
            least(coalesce((p_error ->> 'retry_after')::float8, 0), 86400),
            least(
                (p_retry ->> 'backoff')::float8
                * power((p_retry ->> 'factor')::float8, least(p_attempt - 1, 60)),
                (p_retry ->> 'max_backoff')::float8
            ) * (1 + coalesce((p_retry ->> 'jitter')::float8, 0) * (random() - 0.5) * 2)
        )
    )
end;

comment on function automation_private.retry_delay(jsonb, int, jsonb) is
    'How long to wait before the next attempt: backoff x factor^(attempt - 1), capped, with '
    'jitter as a fraction either way, but no less than the receiver''s Retry-After. Null: no '
    'further attempt. An action that met a locked row gives way and comes back even without a '
    'policy.';
