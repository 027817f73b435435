create or replace function automation_private.step_statuses(
    p_org_id uuid,
    p_instance_id uuid,
    p_reads text[]
)
returns jsonb
language sql
stable
return (
    select jsonb_object_agg(latest.step_key, latest.status)
    from (
        select distinct on (s.step_key) s.step_key, s.status
        from automation.workflow_steps as s
        where s.org_id = p_org_id
            and s.instance_id = p_instance_id
            and 'status.' || s.step_key = any (p_reads)
        order by s.step_key asc, s.step_id desc
    ) as latest
);

comment on function automation_private.step_statuses(uuid, uuid, text[]) is
    'The state of the latest activation of each step whose status is read.';
