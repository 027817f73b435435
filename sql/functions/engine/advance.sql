create or replace function automation_private.advance(
    p_tokens automation_private.token[],
    p_credit automation_private.credit[] default '{}',
    p_rounds int default 100,
    p_native_calls int default 50
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ready automation_private.token[] := p_tokens;
    v_later automation_private.token[];
    v_deferred automation_private.token[] := '{}'::automation_private.token[];
    v_more automation_private.token[];
    v_gone automation_private.token[];
    v_visits automation_private.visit[];
    v_entered automation_private.tally[] := '{}'::automation_private.tally[];
    v_over automation_private.token[];
    v_credit automation_private.credit[] := p_credit;
    v_calls_left int := p_native_calls;
    v_round automation_private.round;
    v_paused uuid[] := automation_private.paused_among(
        array(select t.org_id from unnest(p_tokens) as t)
    );
begin
    for v_i in 1..p_rounds loop
        if cardinality(v_paused) > 0 then
            v_ready := automation_private.park_tokens(v_ready, v_paused);
        end if;
        if cardinality(v_deferred) > 0 then
            select t.p_now || v_ready, t.p_later into v_ready, v_deferred
            from automation_private.take_turns(v_deferred) as t;
        end if;
        exit when coalesce(cardinality(v_ready), 0) = 0;

        v_later := v_ready[1001:];
        v_ready := v_ready[:1000];
        v_visits := automation_private.enter_steps(v_ready);
        v_round := automation_private.survey_round(v_ready, v_visits);
        if v_round.is_cached then
            v_visits := automation_private.recall_results(v_visits);
            v_round := automation_private.survey_round(v_ready, v_visits);
        end if;
        if v_round.present && array['set'] and cardinality(v_visits) > 1 then
            select d.p_now, d.p_later into v_visits, v_more
            from automation_private.defer_sets(v_visits) as d;
            v_deferred := v_deferred || v_more;
        end if;
        if v_round.has_mutex then
            v_visits := automation_private.acquire_mutexes(v_visits);
        end if;
        if v_round.has_stopped then
            v_later := v_later || automation_private.hold_stopped(v_ready);
        end if;
        if v_round.present && array['native'] then
            select b.p_admitted, b.p_calls_left into v_visits, v_calls_left
            from automation_private.bound_native_calls(v_visits, v_calls_left) as b;
        end if;
        if v_round.present && array['condition', 'set', 'split', 'stop'] then
            v_entered := v_entered || automation_private.count_visits(v_visits);
        end if;
        if v_round.present && array['split'] or v_i % 10 = 0 then
            select c.p_left, c.p_tokens into v_visits, v_over
            from automation_private.count_activations(v_entered, v_visits) as c;
            v_later := v_later || v_over;
            v_entered := '{}'::automation_private.tally[];
        end if;

        v_gone := automation_private.gone_tokens(v_ready, v_visits, v_round.present);
        v_ready := v_later;
        if cardinality(v_visits) > 0 then
            select p.p_next || v_later, v_gone || p.p_gone, p.p_credit
            into v_ready, v_gone, v_credit
            from automation_private.perform_visits(v_visits, v_round, v_credit) as p;
        end if;
        if cardinality(v_gone) > 0 then
            v_ready := automation_private.close_scopes(v_gone) || v_ready;
        end if;
        if cardinality(v_ready) > 20000 then
            perform automation_private.postpone_tokens(v_ready[20001:]);
            v_ready := v_ready[:20000];
        end if;
    end loop;

    perform automation_private.end_walk(v_ready || v_deferred, v_entered, v_credit);
end;
$$;

comment on function automation_private.advance(
    automation_private.token[], automation_private.credit[], int, int
) is
    'Walks tokens of many instances together, one hop per round, until each waits for something '
    'outside or the rounds are used up, at most a thousand a round. The caller has locked their '
    'root instances.';
