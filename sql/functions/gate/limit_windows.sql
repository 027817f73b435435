create or replace function automation_private.limit_windows(
    p_request automation_private.gated_request,
    p_now timestamptz
)
returns table (
    setting jsonb,
    most int,
    limit_key text,
    window_start timestamptz,
    window_end timestamptz,
    rolling interval
)
language sql
stable
begin atomic
    -- limits that count the same are one counter, of which the strictest holds
    select distinct on (k.limit_key)
        l.value, (l.value ->> 'max')::int, k.limit_key, w.window_start, w.window_end, w.rolling
    from jsonb_array_elements(p_request.gate -> 'limits') as l
    cross join lateral (
        select coalesce(
            l.value ->> 'timezone',
            automation_private.org_timezone_of((p_request.firing).org_id)
        ) as timezone
    ) as z
    cross join lateral automation_private.limit_window(
        l.value ->> 'per', p_now, z.timezone
    ) as w
    cross join lateral (
        select md5(jsonb_build_array(
            case when l.value ->> 'scope' = 'org' then 'org' else
                (p_request.firing).listener_id::text end,
            l.value ->> 'per', z.timezone,
            case when l.value ->> 'scope' = 'subject' then jsonb_build_array(p_request.key) end,
            l.value -> 'key' -> 'value',
            case
                when l.value ? 'key' then automation_private.render_key(
                    l.value -> 'key', (p_request.request).trigger, p_now
                )
            end
        )::text) as limit_key
    ) as k
    order by k.limit_key, (l.value ->> 'max')::int;
end;

comment on function automation_private.limit_windows(
    automation_private.gated_request, timestamptz
) is
    'The limits that a firing is under, in the order in which they are reserved, with the window '
    'of each that counts now.';
