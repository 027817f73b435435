create or replace function automation_private.judge_past(
    p_plan automation_private.backtest_plan
)
returns setof automation_private.past_event
language plpgsql
stable
rows 100000
set search_path = pg_catalog, pg_temp
as $$
begin
    -- offset 0: everything is computed once, and only where it is needed
    return query
    select
        e.event_id, e.recorded_at, e.row_key, e.is_heard,
        n.is_met and e.event not like '%.deleted', v.verdict,
        case
            when n.is_met is false and e.is_heard
                and coalesce(jsonb_path_match(d.doc, p_plan.near, d.vars, true), true)
                then automation_private.find_miss(p_plan.leaves, p_plan.wanted, d.doc, d.vars)
        end,
        case
            when not (e.is_heard and p_plan.uses_keys)
                or v.verdict is not null and p_plan.threshold is null then null
            when p_plan.key_form is not null then automation_private.past_keys(
                p_plan.gate, automation_private.past_document(
                    p_plan.key_form, e.event_id, e.event, e.entity, e.source, e.occurred_at, e.new,
                    e.old, p_plan.org_id, p_plan.timezone
                ) -> 'trigger', e.entity, e.occurred_at, e.recorded_at
            )
            when p_plan.key_path is null then array[e.entity]
            else array[left(e.new #>> p_plan.key_path, 500)]
        end || case when p_plan.threshold is not null then array[e.entity] end,
        case
            when p_plan.threshold is not null and e.event is distinct from p_plan.by_hand
                then jsonb_build_object(
                    'value', jsonb_path_query_first(e.new, p_plan.sample, '{}', true),
                    'denominator', jsonb_path_query_first(e.new, p_plan.denominator, '{}', true),
                    'at', extract(epoch from least(e.occurred_at, e.recorded_at)),
                    'seq', e.event_id
                )
        end
    from (
        select p.*
        from automation_private.past_events(
            p_plan.org_id, p_plan.first_event, p_plan.last_event, p_plan.since, p_plan.until,
            p_plan.heard, p_plan.by_hand, p_plan.entities, p_plan.watched
        ) as p
        offset 0
    ) as e
    cross join lateral (
        select c.doc, automation_private.past_vars(
            p_plan.derived, c.doc, e.occurred_at, p_plan.timezone
        ) as vars
        from (
            select automation_private.past_document(
                p_plan.form, e.event_id, e.event, e.entity, e.source, e.occurred_at, e.new, e.old,
                p_plan.org_id, p_plan.timezone
            ) as doc
            offset 0
        ) as c
        offset 0
    ) as d
    cross join lateral (
        select
            p_plan.condition is null
            or jsonb_path_match(d.doc, p_plan.condition, d.vars, true) as is_met
        offset 0
    ) as n
    cross join lateral (
        select
            case
                when n.is_met and p_plan.is_transition and e.old is not null
                    then automation_private.meets_past(
                        p_plan.condition, p_plan.derived, automation_private.past_document(
                            p_plan.form, e.event_id, e.event, e.entity, e.source, e.occurred_at,
                            e.old, e.old, p_plan.org_id, p_plan.timezone
                        ), e.occurred_at, p_plan.timezone
                    )
                else false
            end as was_met
        offset 0
    ) as o
    cross join lateral (
        select case
            when not n.is_met then 'no_match'
            when o.was_met then 'already_met'
            when n.is_met and o.was_met is false and e.causation is null then null
            else automation_private.find_suppression(
                n.is_met, o.was_met, p_plan.on_loop, e.causation, p_plan.rule_id, e.entity
            )
        end as verdict
        offset 0
    ) as v;
end;
$$;

comment on function automation_private.judge_past(automation_private.backtest_plan) is
    'What a rule makes of each recorded event before the gate, exactly as match_events does.';
