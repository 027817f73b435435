create or replace function automation_private.claim_batches(p_orgs uuid[], p_events int)
returns automation_private.event_batches[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_share int := ceil(p_events::numeric / greatest(cardinality(p_orgs), 1))::int;
begin
    return array(
        select (
            b.org_id, b.batch_id, b.first_event, b.last_event,
            least(b.events, v_share - b.before)
        )::automation_private.event_batches
        from unnest(p_orgs) as o (org_id)
        cross join lateral (
            select x.*, sum(x.events) over (order by x.batch_id) - x.events as before
            from (
                select y.*
                from automation_private.event_batches as y
                where y.org_id = o.org_id
                order by y.batch_id
                limit v_share
            ) as x
        ) as b
        where b.before < v_share
        order by b.org_id, b.batch_id
    );
end;
$$;

comment on function automation_private.claim_batches(uuid[], int) is
    'The oldest batches of organisations whose feeds are locked, with how many events of each to '
    'take, so that all get the same share.';
