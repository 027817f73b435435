create or replace function automation_private.perform_visits(
    p_visits automation_private.visit[],
    inout p_credit automation_private.credit[],
    out p_next automation_private.token[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_good automation_private.visit[] := p_visits;
    v_outcomes automation_private.outcome[] := '{}'::automation_private.outcome[];
    v_runs text[] := array(
        select distinct case when v.error is null then v.runs else 'error' end
        from unnest(p_visits) as v
    );
begin
    if v_runs && array['error'] then
        v_good := array(select v from unnest(p_visits) as v where v.error is null);
        v_outcomes := array(
            select (
                v.org_id, v.instance_id, v.root_id, v.step_id, 'failed', null, v.error, 0
            )::automation_private.outcome
            from unnest(p_visits) as v
            where v.error is not null
        );
    end if;
    if v_runs && array['external'] then
        p_credit := automation_private.enter_external(
            array(select v from unnest(v_good) as v where v.runs = 'external'), p_credit
        );
    end if;
    if not v_runs <@ array['external', 'merge'] then
        perform automation_private.record_activations(array(
            select v from unnest(p_visits) as v
            where v.runs not in ('external', 'merge') or v.error is not null
        ));
    end if;
    if v_runs && array['set'] then
        perform automation_private.assign_variables(
            array(select v from unnest(v_good) as v where v.runs = 'set')
        );
    end if;
    if v_runs && array['delay', 'external', 'native'] then
        v_outcomes := v_outcomes || automation_private.start_timers(v_good, v_now);
    end if;
    if v_runs && array['native'] then
        v_outcomes := v_outcomes || automation_private.run_actions(array(
            select (
                v.org_id, v.instance_id, v.root_id, v.step_id, v.step_key, v.action,
                v.value -> 'config', 1, v.timeout
            )::automation_private.action_call
            from unnest(v_good) as v
            where v.runs = 'native'
        ));
    end if;
    p_next := case
        when v_runs && array['condition', 'set', 'split']
            then automation_private.successors(v_good)
        else '{}'
    end;
    if cardinality(v_outcomes) > 0 then
        p_next := p_next || automation_private.settle_steps(v_outcomes);
    end if;
    if v_runs && array['stop'] then
        perform automation_private.end_by_stop(v_good);
    end if;
end;
$$;

comment on function automation_private.perform_visits(
    automation_private.visit[], automation_private.credit[]
) is
    'Does what the steps just entered say, one set-based call per kind that is present, and '
    'returns the tokens that go on at once.';
