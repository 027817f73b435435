create or replace function automation_private.match_events(
    p_batches automation_private.event_batches[],
    p_listener uuid default null
)
returns automation_private.firing[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_firings automation_private.firing[];
begin
    with event as materialized (
        select e.*, jsonb_build_object('new', e.new, 'old', e.old) as doc
        from unnest(p_batches) as b
        cross join lateral (
            select x.*, x as whole
            from automation.automation_events as x
            where x.org_id = b.org_id
                and x.event_id between b.first_event and b.last_event
                and x.batch_id = b.batch_id
            order by x.event_id
            limit b.events
        ) as e
    ),

    -- offset 0: by index, for each kind of event once
    heard as materialized (
        select l.*
        from (select distinct e.org_id, e.event from event as e) as k
        cross join lateral (
            select x.*, x.derived is null and not x.reads && '{trigger,org}' as is_plain
            from automation_private.listeners as x
            where x.org_id = k.org_id and x.event = k.event
            offset 0
        ) as l
        where p_listener is null or l.listener_id = p_listener
    ),

    -- offset 0: each condition is evaluated once, and OLD only where NEW has met it
    judged as (
        select
            e.*, l.listener_id, l.kind, l.version, l.definition_id, l.priority,
            l.on_condition_error,
            case when l.threshold is not null then 'threshold' end as stage,
            case when n.is_met is false then 'no_match' else
                automation_private.find_suppression(
                    n.is_met, o.was_met, l.on_loop, e.causation, l.listener_id, e.entity
                )
            end as suppressed
        from event as e
        inner join heard as l
            on e.org_id = l.org_id and e.event = l.event and e.recorded_at >= l.since
                and (l.entities is null or e.entity = any (l.entities))
        cross join lateral (
            select
                l.condition is null or case
                    when l.is_plain then jsonb_path_match(e.doc, l.condition, '{}', true)
                    else automation_private.meets(
                        l.condition, l.derived, automation_private.event_document(e.whole),
                        e.occurred_at, e.org_id
                    )
                end as is_met
            offset 0
        ) as n
        cross join lateral (
            select
                case
                    when n.is_met and l.fire_on = 'transition' and e.old is not null
                        then automation_private.meets(
                            l.condition, l.derived,
                            automation_private.document_before(e.whole), e.occurred_at, e.org_id
                        )
                    else false
                end as was_met
            offset 0
        ) as o
        -- a threshold is shown every value
        where n.is_met is not false and o.was_met is not true or l.threshold is not null
    )

    select array_agg((
        j.org_id, j.batch_id, j.event_id, j.listener_id, j.kind, j.version, j.definition_id,
        j.priority, j.suppressed,
        j.suppressed in ('condition_error', 'old_unknown') and j.on_condition_error = 'fail',
        automation_private.extend_chain(j.causation, j.event_id, j.listener_id, j.entity),
        j.stage, array[j.event_id], 1, null, null
    )::automation_private.firing
    order by j.org_id, j.batch_id, j.event_id, j.priority desc, j.listener_id)
    into v_firings
    from judged as j;
    return coalesce(v_firings, '{}');
end;
$$;

comment on function automation_private.match_events(
    automation_private.event_batches[], uuid
) is
    'Events joined to what listens to them: every firing, also those that are suppressed. With '
    'p_listener those of one listener only.';
