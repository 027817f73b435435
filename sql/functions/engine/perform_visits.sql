create or replace function automation_private.perform_visits(
    p_visits automation_private.visit[],
    p_present text[],
    p_timed boolean,
    p_keeps boolean,
    inout p_credit automation_private.credit[],
    out p_next automation_private.token[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_outcomes automation_private.outcome[] := '{}'::automation_private.outcome[];
begin
    if p_present && array['error'] then
        v_outcomes := automation_private.fail_visits(p_visits);
    end if;
    if p_present && array['external'] then
        p_credit := automation_private.enter_external(
            automation_private.select_visits(p_visits, p_present, 'external'), p_credit
        );
    end if;
    if not p_present <@ array['external', 'merge'] then
        perform automation_private.record_activations(p_visits);
    end if;
    if p_keeps then
        perform automation_private.assign_variables(p_visits);
    end if;
    if p_timed then
        v_outcomes := v_outcomes || automation_private.start_timers(p_visits);
    end if;
    if p_present && array['native'] then
        v_outcomes := v_outcomes || automation_private.run_actions(array(
            select (
                v.org_id, v.instance_id, v.root_id, v.step_id, v.step_key, v.action,
                v.value -> 'config', 1, v.timeout
            )::automation_private.action_call
            from unnest(automation_private.select_visits(p_visits, p_present, 'native')) as v
        ));
    end if;
    p_next := case
        when p_present && array['condition', 'set', 'split']
            then automation_private.successors(p_visits)
        else '{}'
    end;
    if cardinality(v_outcomes) > 0 then
        p_next := p_next || automation_private.settle_steps(v_outcomes);
    end if;
    if p_present && array['stop'] then
        perform automation_private.end_by_stop(
            automation_private.select_visits(p_visits, p_present, 'stop')
        );
    end if;
end;
$$;

comment on function automation_private.perform_visits(
    automation_private.visit[], text[], boolean, boolean, automation_private.credit[]
) is
    'Does what the steps just entered say, one set-based call per kind that is present, and '
    'returns the tokens that go on at once.';
