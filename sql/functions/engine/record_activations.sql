create or replace function automation_private.record_activations(
    p_visits automation_private.visit[]
)
returns void
language sql
volatile
begin atomic
    insert into automation.workflow_steps (
        org_id, instance_id, step_id, step_order, step_key, step_type, status, scope_id,
        iteration_id, from_order, started_at, input_data, output_data, branch_taken, live, arrived,
        completed_at, execution_time_ms, timeout_after
    )
    select
        v.org_id, v.instance_id, v.step_id, v.step_order, v.step_key, v.step_type,
        automation_private.entry_status(v), v.scope_id, v.iteration_id, v.from_order,
        automation_private.clock(), automation_private.visit_input(v),
        case
            when v.error is null
                and (v.runs = 'set' or v.output_is_read or v.scope_id <> v.instance_id)
                then automation_private.visit_output(v)
        end,
        v.branch, automation_private.entry_tokens(v),
        case when v.runs = 'split' then 0 end,
        case
            when v.error is null and v.runs in ('condition', 'set', 'stop')
                then automation_private.clock()
        end,
        case when v.error is null and v.runs in ('condition', 'set', 'stop') then 0 end,
        v.timeout
    from unnest(p_visits) as v
    where (v.runs not in ('external', 'merge') or v.error is not null) and not v.is_again;
end;

comment on function automation_private.record_activations(automation_private.visit[]) is
    'One activation row each, already finished where the step is; one with an error stays open '
    'until the error is settled.';
