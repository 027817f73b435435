create or replace function automation_private.count_recent(
    p_hits timestamptz[],
    p_now timestamptz,
    p_window interval
)
returns int
language sql
immutable
return (
    select count(*)::int from unnest(p_hits) as h (hit) where h.hit > p_now - p_window
);

comment on function automation_private.count_recent(timestamptz[], timestamptz, interval) is
    'How often a rolling window has been used.';
