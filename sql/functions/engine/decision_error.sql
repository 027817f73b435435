create or replace function automation_private.decision_error(
    p_step automation.workflow_definition_steps,
    p_truth boolean,
    p_choice_failed boolean,
    p_timeout interval
)
returns jsonb
language sql
stable
return case
    when p_step.runs = 'condition' and p_step.condition_error_order is null
        and p_truth is null and (p_step.cases is null or p_choice_failed)
        or p_step.runs = 'split' and p_choice_failed
        then automation_private.error_object(
            'condition_error', 'invalid', 'the condition could not be decided'
        )
    when p_step.timeout_is_set and p_timeout is null
        then automation_private.error_object(
            'invalid_timeout', 'invalid', 'the timeout is not a duration'
        )
end;

comment on function automation_private.decision_error(
    automation.workflow_definition_steps, boolean, boolean, interval
) is
    'Why a step cannot be entered: its condition cannot be decided, its timeout is none.';
