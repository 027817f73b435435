create or replace function automation_private.describe_past(
    p_plan automation_private.backtest_plan,
    p_condition automation_private.compiled_condition,
    p_steps automation_private.compiled_step[],
    p_event_id bigint,
    p_more jsonb,
    p_fires_at timestamptz
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_event automation.automation_events;
    v_doc jsonb;
begin
    select e.* into v_event
    from automation.automation_events as e
    where e.org_id = p_plan.org_id and e.event_id = p_event_id;
    v_doc := jsonb_build_object(
        'trigger', (automation_private.event_document(v_event) -> 'trigger') || p_more,
        'vars', coalesce(v_event.new, '{}'),
        'org', jsonb_build_object('id', p_plan.org_id, 'timezone', p_plan.timezone),
        'run', jsonb_build_object('started_at', automation_private.format_instant(
            p_fires_at, p_plan.timezone
        ))
    );
    return jsonb_strip_nulls(jsonb_build_object(
        'event_id', p_event_id, 'event', v_event.event, 'entity', v_event.entity,
        'recorded_at', automation_private.format_instant(v_event.recorded_at, p_plan.timezone),
        'gathered', v_doc #> '{trigger,gathered,count}'
    )) || case
        when cardinality(p_plan.leaves) between 1 and 20 then jsonb_build_object('trace', (
            select jsonb_agg(
                to_jsonb(t) - '{field,operator,ordinality}'::text[] order by t.ordinality
            )
            from automation_private.trace_condition(
                p_condition, automation_private.event_document(v_event), 'row', '{}',
                v_event.occurred_at, p_plan.timezone
            ) with ordinality as t
            -- the first row is about the whole condition
            where t.ordinality > 1
        ))
        else '{}'
    end || case
        when p_fires_at is not null then jsonb_build_object('actions', (
            select jsonb_agg(
                automation_private.render_past(s, v_doc, p_fires_at, p_plan.timezone)
                order by s.source -> 'x-action'
            )
            from unnest(p_steps) as s
        ))
        else '{}'
    end;
end;
$$;

comment on function automation_private.describe_past(
    automation_private.backtest_plan, automation_private.compiled_condition,
    automation_private.compiled_step[], bigint, jsonb, timestamptz
) is
    'An event of the past with every comparison of the condition and, when it would have fired, '
    'what the actions would have been told.';
