create or replace function automation_private.perform_visits(
    p_visits automation_private.visit[],
    p_round automation_private.round,
    inout p_credit automation_private.credit[],
    out p_next automation_private.token[],
    out p_gone automation_private.token[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_present constant text[] := p_round.present;
    v_outcomes automation_private.outcome[] := '{}'::automation_private.outcome[];
    v_next automation_private.token[];
begin
    p_gone := '{}'::automation_private.token[];
    if v_present && array['error'] then
        v_outcomes := automation_private.fail_visits(p_visits);
    end if;
    if p_round.is_again then
        perform automation_private.reopen_activations(p_visits);
    end if;
    if v_present && array['external'] then
        p_credit := automation_private.enter_external(
            automation_private.select_visits(p_visits, v_present, 'external'), p_credit
        );
    end if;
    if not v_present <@ array['external', 'merge'] then
        perform automation_private.record_activations(p_visits);
    end if;
    if v_present && array['cached'] then
        v_outcomes := v_outcomes || automation_private.recalled_outcomes(p_visits);
    end if;
    if p_round.is_cached then
        perform automation_private.note_cache_keys(p_visits);
    end if;
    if p_round.keeps then
        perform automation_private.assign_variables(p_visits);
    end if;
    if p_round.is_timed then
        v_outcomes := v_outcomes || automation_private.start_timers(p_visits);
    end if;
    if v_present && array['native'] then
        v_outcomes := v_outcomes || automation_private.run_actions(array(
            select (
                v.org_id, v.instance_id, v.root_id, v.step_id, v.step_key, v.action,
                v.value -> 'config', v.attempt, v.timeout
            )::automation_private.action_call
            from unnest(automation_private.select_visits(p_visits, v_present, 'native')) as v
        ));
    end if;
    v_next := case
        when v_present && array['condition', 'set', 'split', 'scope']
            then automation_private.successors(p_visits)
        else '{}'
    end;
    if v_present && array['loop', 'wait', 'approval', 'workflow', 'merge'] then
        select v_next || b.p_next, b.p_gone, v_outcomes || b.p_outcomes
        into v_next, p_gone, v_outcomes
        from automation_private.begin_visits(p_visits, v_present) as b;
    end if;
    if cardinality(v_outcomes) > 0 then
        v_next := v_next || automation_private.settle_steps(v_outcomes);
    end if;
    if v_present && array['stop'] then
        v_next := v_next || automation_private.end_by_stop(
            automation_private.select_visits(p_visits, v_present, 'stop')
        );
    end if;
    if p_round.has_mutex then
        v_next := v_next || automation_private.pass_mutexes(p_visits);
    end if;
    p_next := v_next;
end;
$$;

comment on function automation_private.perform_visits(
    automation_private.visit[], automation_private.round, automation_private.credit[]
) is
    'Does what the steps just entered say, one set-based call per kind that is present, and '
    'returns the tokens that go on at once and those that end.';
