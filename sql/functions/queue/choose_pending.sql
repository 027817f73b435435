create or replace function automation_private.choose_pending(
    p_heads automation_private.pending_actions[],
    p_org_ids uuid[],
    p_limit int,
    p_now timestamptz
)
returns automation_private.pending_actions[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_chosen automation_private.pending_actions[];
begin
    with room as materialized (
        select r.org_id, r.limit_key, r.room
        from automation_private.limit_rooms(p_org_ids, p_now) as r
    ),

    named as materialized (
        select
            o.org_id, h.action, a.provider, o.places, p.room as provider_room,
            least(o.places, r.room, p.room, p_limit / cardinality(p_org_ids) + 1) as places_here
        from (
            select u.org_id, automation_private.free_places(u.org_id) as places
            from unnest(p_org_ids) as u (org_id)
            offset 0
        ) as o
        inner join unnest(p_heads) as h on h.org_id = o.org_id
        left join automation_private.actions as a on a.action = h.action
        left join room as r on r.org_id = o.org_id and r.limit_key = h.action
        left join room as p on p.org_id = o.org_id and p.limit_key = 'provider:' || a.provider
    ),

    -- an action's limit is inside its provider's, and that inside the cap of the organisation
    admitted as (
        select
            n.org_id, n.places, n.provider_room, p.pending, p.step_id,
            row_number() over (partition by n.org_id, n.provider order by p.step_id) as place
        from named as n
        cross join lateral (
            select x as pending, x.step_id
            from automation_private.pending_actions as x
            where x.org_id = n.org_id and x.action = n.action
            order by x.step_id
            limit n.places_here
        ) as p
    ),

    ranked as (
        select
            a.org_id, a.places, a.pending,
            row_number() over (partition by a.org_id order by a.step_id) as turn
        from admitted as a
        where a.provider_room is null or a.place <= a.provider_room
    )

    select array_agg(c.pending order by c.turn, c.org_id) into v_chosen
    from (
        select r.turn, r.org_id, r.pending
        from ranked as r
        where r.turn <= r.places
        order by r.turn, r.org_id
        limit p_limit
    ) as c;
    return coalesce(v_chosen, '{}');
end;
$$;

comment on function automation_private.choose_pending(
    automation_private.pending_actions[], uuid[], int, timestamptz
) is
    'The pending actions whose turn it is: as many as the limits, the in-flight caps and p_limit '
    'have room for, the oldest first, one of each organisation in turn. One that has to wait for '
    'its limit stands in nobody''s way.';
