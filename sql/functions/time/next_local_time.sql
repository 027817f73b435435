create or replace function automation_private.next_local_time(
    p_after timestamptz,
    p_at text,
    p_days jsonb,
    p_timezone text
)
returns timestamptz
language sql
stable
return case
    when p_at ~ '^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$' then (
        select
            automation_private.local_instant(
                (p_after at time zone p_timezone)::date + g.day + p_at::time, p_timezone
            )
        from generate_series(0, 8) as g (day)
        where automation_private.local_instant(
            (p_after at time zone p_timezone)::date + g.day + p_at::time, p_timezone
        ) > p_after
            and (
                p_days is null
                or p_days ? to_char((p_after at time zone p_timezone)::date + g.day, 'dy')
            )
        order by g.day
        limit 1
    )
end;

comment on function automation_private.next_local_time(timestamptz, text, jsonb, text) is
    'The first instant after another at which it is that local time on one of the days (["mon", '
    '"tue", …]).';
