create or replace function automation_private.request_starts(
    p_firings automation_private.firing[]
)
returns automation_private.gated_request[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- offset 0: each event by its key
    return array(
        select (
            (
                f.ordinality, f.org_id, automation_private.uuid_v7(), f.definition_id,
                case f.kind when 'template' then f.listener_id end,
                case f.kind when 'rule' then f.listener_id end,
                case f.kind when 'rule' then f.version end,
                f.event_id, c.value, t.trigger, f.causation, null, null,
                case when f.kind not in ('goal', 'exit') then coalesce(
                    automation_private.check_start_item(
                        jsonb_build_object('trigger', nullif(t.trigger -> 'new', 'null'))
                    ),
                    case
                        when pg_column_size(t.trigger) > 262144
                            then automation_private.error_object(
                                'too_large', 'invalid', 'the event is larger than 256 KiB'
                            )
                    end,
                    c.error
                ) end,
                null, null
            )::automation_private.start_request,
            (
                f.org_id, f.batch_id, f.event_id, f.listener_id, f.kind, f.version, f.definition_id,
                f.priority, f.suppressed, f.fails, f.causation, f.stage, f.events, f.gathered,
                f.waiting_since, f.details
            )::automation_private.firing,
            coalesce(l.gate, '{}'),
            case
                when l.gate ? 'key'
                    then automation_private.render_key(l.gate -> 'key', t.trigger, e.occurred_at)
                else e.entity
            end
        )::automation_private.gated_request
        from unnest(p_firings) with ordinality as f
        inner join automation.workflow_definitions as d
            on f.org_id = d.org_id and f.definition_id = d.definition_id
        cross join lateral (
            select x.event, x.entity, x.new, x.occurred_at, x as whole
            from automation.automation_events as x
            where x.org_id = f.org_id and x.event_id = f.event_id
            offset 0
        ) as e
        left join automation_private.listeners as l
            on f.org_id = l.org_id
                and e.event = l.event
                and f.listener_id = l.listener_id
                and f.kind = l.kind
        cross join lateral (
            select
                (automation_private.event_document(e.whole) -> 'trigger')
                || case
                    when l.gate ?| '{debounce,batch}'
                        then automation_private.list_gathered(f.org_id, f.events, f.gathered)
                    when f.details is not null
                        then jsonb_build_object('threshold', f.details)
                    else '{}'
                end as trigger
            offset 0
        ) as t
        cross join lateral automation_private.check_input(d.input_schema, (
            select coalesce(jsonb_object_agg(n.key, n.value), '{}')
            from jsonb_each(coalesce(e.new, '{}')) as n
            where d.input_schema ? n.key
        )) as c
        order by f.ordinality
    );
end;
$$;

comment on function automation_private.request_starts(automation_private.firing[]) is
    'Firings as instances to start; inputs that a workflow declares are read from the row of the '
    'event. With what is wrong with those that cannot be started, and what the others have to '
    'pass.';
