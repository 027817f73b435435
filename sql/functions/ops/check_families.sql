create or replace function automation_private.check_families()
returns table (invariant text, org_id uuid, instance_id uuid, detail text)
language sql
stable
begin atomic
    select
        'a step that waits for a sub-workflow has one that goes on', s.org_id, s.instance_id,
        s.step_key
    from automation.workflow_steps as s
    where s.step_type = 'workflow' and s.status = 'running' and (
        select count(*)
        from automation.workflow_instances as c
        where c.org_id = s.org_id
            and c.parent_instance_id = s.instance_id
            and c.parent_step_id = s.step_id
            and c.root_id <> c.instance_id
            and (c.trigger_data ->> 'attempt')::int = s.attempt
            and c.status in ('pending', 'running', 'paused')
    ) <> 1
    union all
    select
        'somebody waits for an open sub-workflow', c.org_id, c.instance_id,
        format('step %s', c.parent_step_id)
    from automation.workflow_instances as c
    where c.parent_step_id is not null
        and c.status in ('pending', 'running', 'paused')
        -- one that is retried by itself goes on after its parent
        and c.retries = 0
        and not exists (
            select from automation.workflow_steps as s
            inner join automation.workflow_instances as p
                on s.org_id = p.org_id and s.instance_id = p.instance_id
            where s.org_id = c.org_id
                and s.instance_id = c.parent_instance_id
                and s.step_id = c.parent_step_id
                and s.status = 'running'
                and p.root_id = c.root_id
                and p.status in ('running', 'paused')
        );
end;

comment on function automation_private.check_families() is
    'Parents and sub-workflows that have lost each other.';
