create or replace function automation_private.keep_results(
    p_settled automation_private.settled[],
    p_now timestamptz
)
returns void
language sql
volatile
begin atomic
    insert into automation_private.result_cache as c (
        org_id, action, key_hash, step_id, output, expires_at
    )
    select
        u.org_id, d.action, s.cache_key, u.step_id, u.output,
        p_now + make_interval(secs => (d.options #>> '{cache,ttl}')::float8)
    from unnest(p_settled) as u
    inner join automation.workflow_steps as s
        on u.org_id = s.org_id and u.instance_id = s.instance_id and u.step_id = s.step_id
    inner join automation.workflow_instances as i
        on u.org_id = i.org_id and u.instance_id = i.instance_id
    inner join automation.workflow_definition_steps as d
        on u.org_id = d.org_id
            and i.definition_id = d.definition_id
            and u.step_order = d.step_order
    where u.fate = 'completed'
        and s.cache_key is not null
        and s.branch_taken is distinct from 'cached'
        and d.options ? 'cache'
    on conflict (org_id, action, key_hash, step_id) do update
    set output = excluded.output, expires_at = excluded.expires_at;
end;

comment on function automation_private.keep_results(automation_private.settled[], timestamptz) is
    'Keeps the outputs of actions that were asked to, for those who ask with the same key.';
