create or replace function automation_private.list_examples(
    p_plan automation_private.backtest_plan,
    p_gate automation_private.gate_plan,
    p_compiled automation_private.compiled_rule,
    p_past automation_private.past,
    p_decisions automation_private.past_decisions,
    p_examples int
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_steps constant automation_private.compiled_step[] := array(
        select s
        from unnest((automation_private.read_definition(p_compiled.definition)).steps) as s
        where s.source ? 'x-action'
    );
    v_gathers constant boolean := p_plan.gate ?| '{debounce,batch}';
    v_decision record;
    v_examples jsonb := '[]'::jsonb;
begin
    for v_decision in
        select d.*, d.verdict in ('debounce', 'batch', 'deferred', 'queued') as waits
        from unnest(
            p_decisions.items, p_decisions.firsts, p_decisions.at, p_decisions.verdicts,
            p_decisions.hits, p_decisions.details
        ) as d (item, first, at, verdict, hit, details)
        order by d.at, d.item
        limit p_examples
    loop
        v_examples := v_examples || (
            automation_private.describe_past(
                p_plan, p_compiled.condition, v_steps, p_past.events[v_decision.item],
                case
                    when v_gathers then automation_private.show_members(
                        p_plan.org_id, p_past, v_decision.first, v_decision.item
                    )
                    when v_decision.details is not null
                        then jsonb_build_object('threshold', v_decision.details)
                    else '{}'
                end,
                case when v_decision.verdict = 'fires' then v_decision.at end
            ) || jsonb_strip_nulls(jsonb_build_object(
                'at', automation_private.format_instant(v_decision.at, p_plan.timezone),
                'verdict', case
                    when v_decision.waits then 'waits'
                    when v_decision.verdict = 'fires' then 'fires'
                    else 'suppressed'
                end,
                'reason', nullif(v_decision.verdict, 'fires'),
                'limit', case
                    when v_decision.verdict in ('limit_reached', 'expired', 'deferred')
                        then p_gate.limits -> (v_decision.hit - 1)
                end
            ))
        );
    end loop;
    return v_examples;
end;
$$;

comment on function automation_private.list_examples(
    automation_private.backtest_plan, automation_private.gate_plan,
    automation_private.compiled_rule, automation_private.past, automation_private.past_decisions,
    int
) is
    'The first firings of a backtest, let through or not, with the reasons.';
