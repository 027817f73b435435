create or replace function automation_private.block_actions(
    p_outcomes automation_private.outcome[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
begin
    insert into automation_private.action_blocks (org_id, limit_key, blocked_until)
    select n.org_id, n.limit_key, n.blocked_until
    from (
        select
            o.org_id, k.limit_key,
            max(v_now + make_interval(secs => least(
                coalesce((o.error ->> 'retry_after')::float8, 60), 86400
            ))) as blocked_until
        from unnest(p_outcomes) as o
        inner join automation.workflow_instances as i
            on i.org_id = o.org_id and i.instance_id = o.instance_id
        inner join automation.workflow_steps as s
            on s.org_id = o.org_id and s.instance_id = o.instance_id and s.step_id = o.step_id
        inner join automation.workflow_definition_steps as d
            on d.org_id = i.org_id
                and d.definition_id = i.definition_id
                and d.step_order = s.step_order
        left join automation_private.actions as a on a.action = d.action
        cross join lateral unnest(automation_private.limit_keys(d.action)) as k (limit_key)
        where o.error ->> 'class' = 'rate_limited' and a.provider is distinct from '*'
        group by o.org_id, k.limit_key
    ) as n
    where n.blocked_until > v_now and not exists (
        select from automation_private.action_blocks as b
        where b.org_id = n.org_id
            and b.limit_key = n.limit_key
            and b.blocked_until >= n.blocked_until
    );
end;
$$;

comment on function automation_private.block_actions(automation_private.outcome[]) is
    'Leaves actions and providers alone that answered that there was too much (class '
    'rate_limited), as long as they ask for: a minute by default, at most a day.';
