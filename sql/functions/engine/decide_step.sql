create or replace function automation_private.decide_step(
    p_step automation.workflow_definition_steps,
    p_params jsonb,
    p_context jsonb,
    p_now timestamptz,
    p_timezone text,
    p_instance_id uuid
)
returns table (
    branch text,
    next_order int,
    branches int[],
    due_at timestamptz,
    timeout interval,
    value jsonb,
    error jsonb
)
language sql
stable
begin atomic
    select
        case
            when x.truth is not null then x.truth::text
            when cardinality((x.chosen).orders) > 0 then array_to_string((x.chosen).names, ', ')
            when (x.chosen).failed or p_step.runs = 'condition' and p_step.cases is null
                then 'error'
            when p_step.runs = 'condition' then 'default'
            when p_step.runs = 'set' then p_step.options ->> 'scope'
            when p_step.runs = 'split' then array_to_string(p_step.branch_names, ', ')
        end,
        case
            when p_step.runs = 'scope' then p_step.body_order
            when p_step.runs <> 'condition' then p_step.next_order
            when x.truth then p_step.next_order
            when not x.truth then p_step.else_order
            when p_step.cases is null or (x.chosen).failed then p_step.condition_error_order
            when cardinality((x.chosen).orders) > 0 then (x.chosen).orders[1]
            else p_step.else_order
        end,
        case
            when p_step.runs = 'merge' then p_step.from_orders
            when x.chosen is null then p_step.branches
            else (x.chosen).orders
        end,
        (x.due).at,
        x.timeout,
        (x.assigned).value,
        coalesce(
            automation_private.decision_error(p_step, x.truth, (x.chosen).failed, x.timeout),
            (x.chosen).error, (x.due).error, (x.assigned).error
        )
    from (
        select
            case
                when p_step.runs = 'condition' and p_step.cases is null then jsonb_path_match(
                    p_context,
                    p_step.condition,
                    case
                        when p_step.derived is null then '{}'
                        else automation_private.condition_vars(
                            p_step.derived, p_context, p_now, p_timezone
                        )
                    end,
                    true
                )
            end as truth,
            case
                when p_step.runs in ('condition', 'split') and p_step.cases is not null
                    or p_step.runs = 'split' and (
                        p_step.options ->> 'mode' = 'random'
                        or p_step.options ? 'count'
                        or p_params ? 'count'
                    )
                    then automation_private.choose_branches(
                        p_step, p_params, p_context, p_now, p_timezone, p_instance_id
                    )
            end as chosen,
            case
                when p_step.runs = 'set' then automation_private.compute_assignments(
                    p_params, p_step.cases, p_context, p_now, p_timezone
                )
            end as assigned,
            case
                when p_step.runs = 'delay'
                    then automation_private.due_time(p_params, p_now, p_timezone)
            end as due,
            case
                when p_step.timeout_is_set
                    then automation_private.parse_duration(p_params ->> 'timeout')
            end as timeout
        offset 0 -- noqa: PRS
    ) as x;
end;

comment on function automation_private.decide_step(
    automation.workflow_definition_steps, jsonb, jsonb, timestamptz, text, uuid
) is
    'What follows from a step''s settings and the context: branch, successor, due time, '
    'timeout, values assigned, or the error.';
