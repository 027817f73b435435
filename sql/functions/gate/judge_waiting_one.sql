create or replace function automation_private.judge_waiting_one(
    p_firing automation_private.firing,
    p_key text,
    p_listener automation_private.listeners,
    p_event automation.automation_events
)
returns automation_private.firing[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_listener.listener_id is null then
        p_firing.suppressed := 'not_active';
        return array[p_firing];
    elsif p_firing.stage = 'queued' and cardinality(
        (automation_private.find_subject(p_firing.org_id, p_firing.listener_id, p_key)).running
    ) > 0 then
        -- it is asked when its turn has come
        return array[p_firing];
    elsif p_firing.stage <> 'threshold' then
        p_firing.suppressed := automation_private.recheck_firing(p_listener, p_event);
        return array[p_firing];
    elsif p_listener.threshold is null then
        return '{}'::automation_private.firing[];
    end if;
    if p_listener.condition is not null and not coalesce(automation_private.meets(
        p_listener.condition, p_listener.derived, automation_private.event_document(p_event),
        automation_private.clock(), p_event.org_id
    ), false) then
        p_firing.suppressed := 'conditions_not_met';
    end if;
    return automation_private.fire_crossed(
        p_firing,
        automation_private.step_subject(
            p_firing, p_key, p_listener,
            jsonb_build_object('tick', true, 'at', extract(epoch from automation_private.clock()))
        )
    );
end;
$$;

comment on function automation_private.judge_waiting_one(
    automation_private.firing, text, automation_private.listeners, automation.automation_events
) is
    'What becomes of a firing whose wait is over: it goes on, or not for a reason; a threshold '
    'looks at the time.';
