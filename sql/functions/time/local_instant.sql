create or replace function automation_private.local_instant(
    p_local timestamp,
    p_timezone text
)
returns timestamptz
language sql
stable
return coalesce(
    (
        select min(p_local at time zone p_timezone - make_interval(mins => m.earlier))
        from generate_series(15, 180, 15) as m (earlier)
        where (p_local at time zone p_timezone - make_interval(mins => m.earlier))
            at time zone p_timezone = p_local
    ),
    p_local at time zone p_timezone
);

comment on function automation_private.local_instant(timestamp, text) is
    'The instant of a local time: the first one where clocks are set back and it comes twice, '
    'shifted by the gap where they are set forward and it does not come.';
