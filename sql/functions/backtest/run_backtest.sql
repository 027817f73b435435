create or replace function automation_private.run_backtest(
    p_rule_id uuid,
    p_document jsonb,
    p_since timestamptz,
    p_until timestamptz,
    p_examples int,
    p_run_duration interval
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_compiled constant automation_private.compiled_rule :=
        automation_private.require_rule(p_document);
    v_org constant uuid := automation.current_org_id();
    v_runs constant jsonb := automation_private.measure_runs(
        v_org, p_rule_id, p_since, p_until, p_run_duration
    );
    v_plan constant automation_private.backtest_plan := automation_private.plan_backtest(
        p_rule_id, v_compiled, p_since, p_until, v_runs
    );
    v_gate constant automation_private.gate_plan := automation_private.plan_gate(
        v_plan.gate, make_interval(secs => (v_runs ->> 'seconds')::float8), v_plan.timezone
    );
    v_past automation_private.past;
    v_decisions automation_private.past_decisions;
    v_examples jsonb;
begin
    perform automation_private.bound_past(v_plan);
    v_past := automation_private.read_past(v_plan);
    v_decisions := automation_private.decide_past(v_plan, v_gate, v_past);
    v_examples := automation_private.list_examples(
        v_plan, v_gate, v_compiled, v_past, v_decisions, p_examples
    );
    return jsonb_build_object(
        'window', jsonb_build_object(
            'from', automation_private.format_instant(p_since, v_plan.timezone),
            'to', automation_private.format_instant(p_until, v_plan.timezone)
        ),
        'near_misses', automation_private.list_near_misses(
            v_plan, v_compiled.condition, v_past, p_examples
        ),
        'days', automation_private.list_days(v_plan, v_gate, v_past, v_decisions),
        'examples', v_examples,
        'rendering_errors', (
            select coalesce(jsonb_agg(
                x.value || jsonb_build_object('event_id', e.value -> 'event_id')
                order by e.ordinality, x.ordinality
            ), '[]')
            from jsonb_array_elements(v_examples) with ordinality as e
            cross join lateral jsonb_path_query(e.value, '$.actions[*].errors[*]')
                with ordinality as x (value, ordinality)
        ),
        'run_duration', v_runs,
        'current_state_used', '["actions", "timezone"]'::jsonb || case
            when automation_private.has_references(p_document) then '["condition_sets"]' else '[]'
        end::jsonb,
        'assumptions', to_jsonb(automation_private.list_assumptions(v_plan, v_compiled, v_runs))
    ) || automation_private.count_decisions(v_plan, v_past, v_decisions);
end;
$$;

comment on function automation_private.run_backtest(
    uuid, jsonb, timestamptz, timestamptz, int, interval
) is
    'What a rule would have done in a time of the past, as the report of backtest_rule. Raises '
    'MA200 when it is invalid, MA003 when there is too much to look at.';
