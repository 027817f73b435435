create or replace function automation_private.past_events(
    p_org_id uuid,
    p_first bigint,
    p_last bigint,
    p_since timestamptz,
    p_until timestamptz,
    p_heard text[],
    p_by_hand text,
    p_entities text[],
    p_watched text[]
)
returns table (
    event_id bigint,
    event text,
    entity text,
    new jsonb,
    old jsonb,
    source text,
    causation jsonb,
    occurred_at timestamptz,
    recorded_at timestamptz,
    is_heard boolean,
    row_key text
)
language sql
stable
begin atomic
    select
        e.event_id, e.event, e.entity, e.new, e.old, e.source, e.causation, e.occurred_at,
        e.recorded_at, h.is_heard,
        case
            when p_watched is not null
                and e.source not in ('emitted', 'webhook', 'manual', 'engine')
                then e.source || '/' || e.entity
        end
    from automation.automation_events as e
    cross join lateral (
        select
            coalesce(e.event = p_by_hand, false)
            or e.event = any (p_heard)
            and (p_entities is null or coalesce(e.entity = any (p_entities), false)) as is_heard
    ) as h
    where e.org_id = p_org_id
        and e.event_id between p_first and p_last
        and e.recorded_at > p_since
        and e.recorded_at <= p_until
        and (h.is_heard or e.event = any (p_watched))
    order by e.event_id;
end;

comment on function automation_private.past_events(
    uuid, bigint, bigint, timestamptz, timestamptz, text[], text, text[], text[]
) is
    'The recorded events of a time that a rule hears, or that say how the row of one was later, '
    'in their order.';
