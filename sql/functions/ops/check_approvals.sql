create or replace function automation_private.check_approvals()
returns table (invariant text, org_id uuid, instance_id uuid, detail text)
language sql
stable
begin atomic
    select
        'an open approval belongs to a waiting step', a.org_id, a.instance_id,
        format('%s is %s', a.step_key, s.status)
    from automation.approvals as a
    inner join automation.workflow_steps as s
        on a.org_id = s.org_id and a.instance_id = s.instance_id and a.step_id = s.step_id
    where a.status = 'open' and s.status <> 'waiting'
    union all
    select 'a waiting approval step is asked for', s.org_id, s.instance_id, s.step_key
    from automation.workflow_steps as s
    where s.status = 'waiting'
        and s.step_type = 'approval'
        and not exists (
            select from automation.approvals as a
            where a.org_id = s.org_id and a.step_id = s.step_id and a.status = 'open'
        );
end;

comment on function automation_private.check_approvals() is
    'Approvals and their steps that have lost each other.';
