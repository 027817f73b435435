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
            v_waiting.causation, v_waiting.stage, v_waiting.events, v_waiting.gathered,
            v_waiting.since, null
        )::automation_private.firing;
        begin
            v_firings := v_firings || automation_private.judge_waiting_one(
                v_firing, v_waiting.key, v_waiting.listener, v_waiting.event
            );
        exception when lock_not_available then
            -- somebody has locked the table that it has to look at
            insert into automation_private.waiting_firings (
                org_id, listener_id, kind, stage, key, events, gathered, priority, causation,
                since, due_at
            )
            values (
                v_waiting.org_id, v_waiting.listener_id, v_waiting.kind, v_waiting.stage,
                v_waiting.key, v_waiting.events, v_waiting.gathered, v_waiting.priority,
                v_waiting.causation, v_waiting.since,
                automation_private.clock() + interval '1 minute'
            );
        when others or assert_failure then
            if automation_private.must_reraise(sqlstate) then
                raise;
            end if;
            v_firing.suppressed := 'engine_error';
            v_firing.fails := true;
            v_firing.details := jsonb_build_object('sqlstate', sqlstate, 'message', sqlerrm);
            v_firings := v_firings || v_firing;
        end;
    end loop;
    return v_firings;
end;
$$;

comment on function automation_private.judge_waiting(automation_private.waiting_firings[]) is
    'Firings whose wait is over, with the reason when what they were for holds no more.';
