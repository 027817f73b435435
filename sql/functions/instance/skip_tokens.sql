create or replace function automation_private.skip_tokens(
    p_tokens automation_private.token[],
    p_step automation.workflow_definition_steps,
    p_output jsonb
)
returns automation_private.token[]
language sql
volatile
begin atomic
    insert into automation.workflow_steps (
        org_id, instance_id, step_id, step_order, step_key, step_type, status, scope_id,
        iteration_id, from_order, output_data, started_at, completed_at, execution_time_ms
    )
    select
        t.org_id, t.instance_id, automation_private.uuid_v7(), p_step.step_order, p_step.step_key,
        p_step.step_type, 'skipped', t.scope_id, t.iteration_id, t.from_order, p_output,
        automation_private.clock(), automation_private.clock(), 0
    from unnest(p_tokens) as t;
    select array(
        select (
            t.org_id, t.instance_id, t.root_id, automation_private.skipped_way(p_step, null),
            t.scope_id, t.iteration_id, p_step.step_order, null
        )::automation_private.token
        from unnest(p_tokens) as t
    );
end;

comment on function automation_private.skip_tokens(
    automation_private.token[], automation.workflow_definition_steps, jsonb
) is
    'Lets tokens that have not entered a step yet go past it.';
