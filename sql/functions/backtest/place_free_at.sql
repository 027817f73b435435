create or replace function automation_private.place_free_at(
    p_kind text,
    p_length interval,
    p_timezone text,
    p_at timestamptz,
    p_last timestamptz
)
returns timestamptz
language sql
stable
return case
    when p_kind = 'span' then p_at + p_length
    when p_kind = 'duration'
        then automation_private.add_duration(p_at, p_length, p_timezone)
    when p_at < p_last then p_last
    when p_kind in ('minute', 'hour')
        then date_trunc(p_kind, p_at, p_timezone) + ('1 ' || p_kind)::interval
    else automation_private.local_instant(
        date_trunc(p_kind, p_at at time zone p_timezone) + ('1 ' || p_kind)::interval, p_timezone
    )
end;

comment on function automation_private.place_free_at(
    text, interval, text, timestamptz, timestamptz
) is
    'Until when a firing takes its place in a check of the gate; p_last: until when the one before '
    'does.';
