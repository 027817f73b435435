create or replace function automation_private.judge_waiting(
    p_waiting automation_private.waiting_firings[]
)
returns automation_private.firing[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_waiting record;
    v_firing automation_private.firing;
    v_firings automation_private.firing[] := '{}'::automation_private.firing[];
begin
    for v_waiting in
        select w.*, e.event, l as listener
        from unnest(p_waiting) with ordinality as w
        left join lateral (
            select x as event
            from automation.automation_events as x
            where x.org_id = w.org_id and x.event_id = w.events[cardinality(w.events)]
            offset 0
        ) as e on true
        left join automation_private.listeners as l
            on w.org_id = l.org_id
                and w.listener_id = l.listener_id
                and w.kind = l.kind
                and (e.event).event = l.event
        order by w.ordinality
    loop
        v_firing := (
            v_waiting.org_id, (v_waiting.event).batch_id, (v_waiting.event).event_id,
            v_waiting.listener_id, v_waiting.kind, (v_waiting.listener).version,
            (v_waiting.listener).definition_id, v_waiting.priority, null, false,
            v_waiting.causation, v_waiting.stage, v_waiting.events, v_waiting.since, null
        )::automation_private.firing;
        if (v_waiting.listener).listener_id is null then
            v_firing.suppressed := 'not_active';
        elsif v_waiting.stage = 'threshold' then
            continue when (v_waiting.listener).threshold is null;
            continue when not automation_private.step_subject(
                v_firing, v_waiting.key, v_waiting.listener,
                jsonb_build_object(
                    'tick', true, 'at', extract(epoch from automation_private.clock())
                )
            );
            v_firing.stage := null;
        else
            v_firing.suppressed := automation_private.recheck_firing(
                v_waiting.listener, v_waiting.event
            );
        end if;
        v_firings := v_firings || v_firing;
    end loop;
    return v_firings;
end;
$$;

comment on function automation_private.judge_waiting(automation_private.waiting_firings[]) is
    'Firings whose wait is over, with the reason when what they were for holds no more.';
