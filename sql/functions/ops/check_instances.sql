create or replace function automation_private.check_instances()
returns table (invariant text, org_id uuid, instance_id uuid, detail text)
language sql
stable
begin atomic
    select 'an ended instance has no open step', i.org_id, i.instance_id, s.step_key
    from automation.workflow_instances as i
    inner join automation.workflow_steps as s
        on i.org_id = s.org_id and i.instance_id = s.instance_id
    where i.status in ('completed', 'failed', 'cancelled')
        and s.status in ('pending', 'running', 'waiting')
    union all
    select 'every end of an instance has a history row', i.org_id, i.instance_id, i.status
    from automation.workflow_instances as i
    cross join lateral (
        select (i.status in ('completed', 'failed', 'cancelled'))::int + i.retries as ends
        offset 0 -- noqa: PRS
    ) as n
    where case
        when i.retries = 0 then (n.ends = 1) <> exists (
            select from automation.automation_executions as e
            where e.org_id = i.org_id and e.execution_id = i.instance_id
        )
        else n.ends <> (
            select count(*)
            from automation.automation_executions as e
            where e.org_id = i.org_id and e.instance_id = i.instance_id
        )
    end
    union all
    select
        'an open instance has as many tokens as it counts', i.org_id, i.instance_id,
        format('counts %s, has %s', i.live, t.tokens)
    from automation.workflow_instances as i
    cross join lateral automation_private.count_tokens(i.org_id, i.instance_id, i.instance_id)
        as t (tokens)
    where i.status in ('running', 'paused') and i.live is distinct from t.tokens
    union all
    select
        'an open scope has as many tokens as it counts', s.org_id, s.instance_id,
        format('%s counts %s, has %s', s.step_key, s.live, t.tokens)
    from automation.workflow_steps as s
    cross join lateral automation_private.count_tokens(s.org_id, s.instance_id, s.step_id)
        as t (tokens)
    where s.live is not null and s.status = 'running' and s.live is distinct from t.tokens;
end;

comment on function automation_private.check_instances() is
    'Instances and scopes whose state contradicts itself.';
