create or replace function automation_private.some_waiting_feed()
returns uuid
language sql
volatile
return (
    select rpad(lpad(to_hex(
        f.first + floor(random() * (f.last - f.first))::bigint
    ), 15, '0'), 32, '0')::uuid
    from (
        select
            ('x' || left(replace(min(w.org_id)::text, '-', ''), 15))::bit(60)::bigint as first,
            ('x' || left(replace(max(w.org_id)::text, '-', ''), 15))::bit(60)::bigint as last
        from (
            (select b.org_id::text from automation_private.event_batches as b
            order by b.org_id limit 1)
            union all
            (select b.org_id::text from automation_private.event_batches as b
            order by b.org_id desc limit 1)
        ) as w
    ) as f
);

comment on function automation_private.some_waiting_feed() is
    'A random place between the first and the last organisation with events to dispatch, whose ids '
    'may be ordered by time; null when there are none.';
