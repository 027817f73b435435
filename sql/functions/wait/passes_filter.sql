create or replace function automation_private.passes_filter(
    p_filter jsonb,
    p_context jsonb,
    p_event automation.automation_events,
    p_now timestamptz,
    p_timezone text
)
returns boolean
language sql
stable
return (
    select jsonb_path_match(
        d.doc, (p_filter ->> 'path')::jsonpath,
        automation_private.condition_vars(
            nullif(p_filter -> 'derived', 'null'), d.doc, p_now, p_timezone
        ),
        true
    )
    from (
        select p_context || jsonb_build_object(
            'event', coalesce(p_event.new, '{}') || automation_private.describe_event(p_event)
        ) as doc
        offset 0 -- noqa: PRS
    ) as d
);

comment on function automation_private.passes_filter(
    jsonb, jsonb, automation.automation_events, timestamptz, text
) is
    'Whether an event meets the filter of a wait, which reads the step''s context and the event; '
    'null: it cannot be decided.';
