create or replace function automation_private.build_rule_steps(p_rule jsonb, p_rechecks boolean)
returns jsonb
language sql
immutable
begin atomic
    with action as (
        select
            a.value, a.ordinality as i, s.sequential,
            a.ordinality < jsonb_array_length(p_rule -> 'actions') and s.sequential as goes_on,
            coalesce(
                a.value ->> 'delay',
                case
                    when a.ordinality > 1 and s.sequential
                        and coalesce(p_rule ->> 'delay_between_actions_seconds', '0') <> '0'
                        then format('PT%sS', p_rule ->> 'delay_between_actions_seconds')
                end
            ) as delay
        from jsonb_array_elements(p_rule -> 'actions') with ordinality as a
        cross join (
            select coalesce((p_rule ->> 'execute_sequentially')::boolean, true) as sequential
        ) as s
    ),

    placed as (
        select
            a.*, a.delay is not null and p_rechecks as rechecks,
            case when a.delay is null then 'action_' else 'delay_' end || a.i as entry,
            lead(case when a.delay is null then 'action_' else 'delay_' end || a.i)
                over (order by a.i) as following
        from action as a
    ),

    step as (
        select 0 as i, 0 as place, jsonb_build_object(
            'id', 'together', 'type', 'split', 'branches', jsonb_agg(p.entry order by p.i)
        ) as value
        from placed as p
        having not bool_or(p.sequential) and count(*) > 1
        union all
        select p.i, 1, jsonb_build_object(
            'id', 'delay_' || p.i, 'type', 'delay', 'for', p.delay,
            'next', case when p.rechecks then 'recheck_' else 'action_' end || p.i
        )
        from placed as p
        where p.delay is not null
        union all
        select p.i, 2, jsonb_build_object(
            'id', 'recheck_' || p.i, 'type', 'action', 'action', 'recheck_rule',
            'save_as', null, 'next', 'holds_' || p.i
        )
        from placed as p
        where p.rechecks
        union all
        select p.i, 3, jsonb_build_object(
            'id', 'holds_' || p.i, 'type', 'condition',
            'condition', format('steps.recheck_%s.holds', p.i),
            'true_next', 'action_' || p.i, 'false_next', 'exited'
        )
        from placed as p
        where p.rechecks
        union all
        select
            p.i, 4,
            jsonb_build_object('on_error', 'continue')
            - case when p_rule -> 'stop_on_error' = 'false' then '' else 'on_error' end
            || (p.value - 'delay')
            || jsonb_build_object('id', 'action_' || p.i, 'type', 'action', 'x-action', p.i - 1)
            || case
                when p.goes_on then jsonb_build_object('next', p.following) else '{}'
            end
        from placed as p
        union all
        select 1000, 5, jsonb_build_object(
            'id', 'exited', 'type', 'stop', 'status', 'cancelled', 'reason', 'exited_condition'
        )
        where exists (select from placed as p where p.rechecks)
    )

    select jsonb_agg(s.value order by s.i, s.place) from step as s;
end;

comment on function automation_private.build_rule_steps(jsonb, boolean) is
    'The actions of a rule as the steps of a definition: one after the other or all together, with '
    'delays before them and, behind a delay, the question whether the condition still holds.';
