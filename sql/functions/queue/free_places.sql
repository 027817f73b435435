create or replace function automation_private.free_places(p_org_id uuid)
returns int
language sql
stable
return greatest(
    0,
    coalesce(
        (
            select o.max_in_flight
            from automation_private.org_settings as o
            where o.org_id = p_org_id
        ),
        0
    ) - coalesce(
        (
            select sum(c.change)
            from automation_private.in_flight_changes as c
            where c.org_id = p_org_id
        ),
        0
    )
)::int;

comment on function automation_private.free_places(uuid) is
    'An organisation''s in-flight cap less its actions in the queue.';
