create or replace function automation_private.limit_windows(
    p_request automation_private.gated_request,
    p_now timestamptz
)
returns table (
    place bigint,
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
    select
        l.ordinality, l.value, (l.value ->> 'max')::int,
        concat_ws(
            '/',
            case when l.value ->> 'scope' = 'org' then 'org' else
                (p_request.firing).listener_id::text end,
            l.value ->> 'per', z.timezone,
            case when l.value ->> 'scope' = 'subject' then coalesce(p_request.key, '') end,
            case
                when l.value ? 'key' then coalesce(automation_private.render_key(
                    l.value -> 'key', (p_request.request).trigger, p_now
                ), '')
            end
        ),
        case
            when r.rolling is not null then '-infinity'
            else automation_private.local_instant(z.local_start, z.timezone)
        end,
        case
            when r.rolling is not null
                then automation_private.add_duration(p_now, r.rolling, z.timezone)
            else automation_private.local_instant(
                z.local_start + ('1 ' || (l.value ->> 'per'))::interval, z.timezone
            )
        end,
        r.rolling
    from jsonb_array_elements(p_request.gate -> 'limits') with ordinality as l
    cross join lateral (
        select
            case
                when l.value ->> 'per' like 'rolling %'
                    then automation_private.parse_duration(substr(l.value ->> 'per', 9))
            end as rolling
    ) as r
    cross join lateral (
        select
            x.timezone,
            case
                when r.rolling is null
                    then date_trunc(l.value ->> 'per', p_now at time zone x.timezone)
            end as local_start
        from (
            select coalesce(
                l.value ->> 'timezone',
                automation_private.org_timezone_of((p_request.firing).org_id)
            ) as timezone
        ) as x
    ) as z
    order by l.ordinality;
end;

comment on function automation_private.limit_windows(
    automation_private.gated_request, timestamptz
) is
    'The limits that a firing is under, with the window of each that counts now: calendar windows '
    'from local midnight or hour to the next, rolling ones up to now.';
