create or replace function automation_private.add_duration(
    p_at timestamptz,
    p_duration interval,
    p_timezone text
)
returns timestamptz
language sql
stable
return case
    when extract(year from p_duration) = 0
        and extract(month from p_duration) = 0
        and extract(day from p_duration) = 0
        then p_at + p_duration
    else automation_private.local_instant(
        (p_at at time zone p_timezone) + date_trunc('day', p_duration), p_timezone
    ) + (p_duration - date_trunc('day', p_duration))
end;

comment on function automation_private.add_duration(timestamptz, interval, text) is
    'The instant a duration later: days and longer are calendar time in the zone, hours and '
    'shorter elapse.';
