create or replace function automation_private.reopen_activations(
    p_visits automation_private.visit[]
)
returns void
language sql
volatile
begin atomic
    update automation.workflow_steps as s
    set
        status = automation_private.entry_status(v),
        input_data = automation_private.visit_input(v),
        error = null,
        branch_taken = v.branch,
        live = automation_private.entry_tokens(v),
        arrived = case when v.runs = 'split' then 0 end,
        merge_order = null,
        completed_at = case
            when v.error is null and v.runs in ('condition', 'set', 'stop')
                then automation_private.clock()
        end,
        timeout_after = v.timeout
    from unnest(p_visits) as v
    where v.is_again
        and s.org_id = v.org_id
        and s.instance_id = v.instance_id
        and s.step_id = v.step_id;
end;

comment on function automation_private.reopen_activations(automation_private.visit[]) is
    'Opens activations again that are entered once more.';
