create or replace function automation_private.skipped_way(
    p_step automation.workflow_definition_steps,
    p_branch text
)
returns int
language sql
stable
return case
    when p_branch is not null then 0
    when p_step.runs <> 'split' or p_step.partner_order = 0 then p_step.next_order
    else (
        select d.next_order
        from automation.workflow_definition_steps as d
        where d.org_id = p_step.org_id
            and d.definition_id = p_step.definition_id
            and d.step_order = p_step.partner_order
    )
end;

comment on function automation_private.skipped_way(
    automation.workflow_definition_steps, text
) is
    'Where the token of a skipped step goes on: behind it, of a split behind its merge; nowhere '
    'when it was skipped because it was too late (branch "overdue").';
