create or replace function automation_private.request_starts(
    p_firings automation_private.firing[]
)
returns automation_private.start_request[]
language sql
volatile
return array(
    select (
        f.ordinality, f.org_id, automation_private.uuid_v7(), f.definition_id,
        case f.kind when 'template' then f.listener_id end,
        case f.kind when 'rule' then f.listener_id end,
        case f.kind when 'rule' then f.version end,
        f.event_id, c.value, t.trigger, f.causation, null, null,
        coalesce(
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
        )
    )::automation_private.start_request
    from unnest(p_firings) with ordinality as f
    inner join automation.workflow_definitions as d
        on f.org_id = d.org_id and f.definition_id = d.definition_id
    inner join automation.automation_events as e
        on f.org_id = e.org_id and f.event_id = e.event_id
    cross join lateral (
        select automation_private.event_document(e) -> 'trigger' as trigger
        offset 0 -- noqa: PRS
    ) as t
    cross join lateral automation_private.check_input(d.input_schema, (
        select coalesce(jsonb_object_agg(n.key, n.value), '{}')
        from jsonb_each(coalesce(e.new, '{}')) as n
        where d.input_schema ? n.key
    )) as c
    order by f.ordinality
);

comment on function automation_private.request_starts(automation_private.firing[]) is
    'Firings as instances to start; inputs that a workflow declares are read from the row of the '
    'event. With what is wrong with those that cannot be started.';
