create or replace function automation_private.run_timers(p_timers automation_private.due_timer[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_timers automation_private.due_timer[] := automation_private.park_paused(p_timers);
    v_kinds text[] := array(select distinct t.kind from unnest(v_timers) as t);
    v_tokens automation_private.token[];
    v_repeated automation_private.outcome[];
    v_outcomes automation_private.outcome[];
    v_woken automation_private.outcome[];
begin
    v_tokens := automation_private.end_by_timers(v_timers) || array(
        select t.token from unnest(v_timers) as t where t.kind = 'continue'
    );
    perform automation_private.withdraw_messages(v_timers);
    v_repeated := automation_private.repeat_actions(v_timers);
    if 'retry' = any (v_kinds) then
        v_tokens := v_tokens || automation_private.repeat_steps(v_timers);
    end if;
    v_outcomes := automation_private.judge_timers(v_timers) || v_repeated;
    if v_kinds && array['look_back', 'event', 'poll'] then
        v_woken := automation_private.wake_waits(v_timers);
        v_outcomes := v_woken || array(
            select o from unnest(v_outcomes) as o
            where o.step_id not in (select w.step_id from unnest(v_woken) as w)
        );
    end if;
    if 'timeout' = any (v_kinds) then
        select v_tokens || s.p_tokens, s.p_left into v_tokens, v_outcomes
        from automation_private.fail_scopes(v_outcomes) as s;
    end if;
    if v_kinds && array['remind', 'escalate', 'timeout'] then
        v_outcomes := v_outcomes || automation_private.remind_approvals(v_timers);
    end if;
    perform automation_private.advance(
        automation_private.settle_steps(v_outcomes) || v_tokens,
        p_native_calls => 50 - cardinality(v_repeated)
    );
end;
$$;

comment on function automation_private.run_timers(automation_private.due_timer[]) is
    'Does what was waiting for its time: ends delays, repeats steps, times steps and instances '
    'out, wakes waits, reminds approvers, continues walks.';
