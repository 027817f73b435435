create or replace function automation_private.compare_steps(
    p_old automation.workflow_definition_steps,
    p_new automation.workflow_definition_steps
)
returns text
language sql
immutable
return case
    when p_old.step_type <> p_new.step_type
        then format(
            'it was a step of the type %s and is a %s now', p_old.step_type, p_new.step_type
        )
    when p_old.action is distinct from p_new.action
        then format('it did the action %s and does %s now', p_old.action, p_new.action)
    when p_old.mutex is distinct from p_new.mutex then 'its mutex is another one'
    when p_old.runs = 'loop' and (
        p_old.options -> 'kind' is distinct from p_new.options -> 'kind'
        or p_old.options -> 'as' is distinct from p_new.options -> 'as'
    ) then 'the loop runs over something else'
    when p_old.runs = 'wait' and (
        p_old.options -> 'events' is distinct from p_new.options -> 'events'
        or p_old.params -> 'matches' is distinct from p_new.params -> 'matches'
        or (p_old.condition is null) <> (p_new.condition is null)
    ) then 'it waits for something else'
    when p_old.runs = 'merge' and (p_old.partner_order > 0) <> (p_new.partner_order > 0)
        then 'it joins in another way'
end;

comment on function automation_private.compare_steps(
    automation.workflow_definition_steps, automation.workflow_definition_steps
) is
    'Why what stands at a step of one definition cannot stand at a step of another; null when it '
    'can.';
