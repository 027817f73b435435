create or replace function automation_private.take_waiting_tokens(
    p_instance automation.workflow_instances,
    p_step automation.workflow_definition_steps,
    p_opened uuid[],
    p_step_id uuid
)
returns automation_private.token[]
language sql
volatile
begin atomic
    with taken as (
        delete from automation_private.held_tokens as h
        where h.org_id = p_instance.org_id
            and h.instance_id = p_instance.instance_id
            and (
                h.enters_id = any (p_opened)
                or p_step_id is null
                and h.step_order = p_step.step_order
                and h.enters_id is null
                and p_step.runs <> 'merge'
            )
        returning h.held_id, h.enters_id, automation_private.held_token(h) as token
    )

    select coalesce(array_agg(t.token order by t.held_id) filter (where t.enters_id is null), '{}')
    from taken as t;
end;

comment on function automation_private.take_waiting_tokens(
    automation.workflow_instances, automation.workflow_definition_steps, uuid[], uuid
) is
    'The tokens that were laid aside before a step; nobody holds them any more, nor those that '
    'would enter these activations again.';
