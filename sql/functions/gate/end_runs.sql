create or replace function automation_private.end_runs(
    p_org_id uuid,
    p_instances uuid[],
    p_kind text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into automation_private.timers (org_id, instance_id, step_id, kind, root_id, due_at)
    select i.org_id, i.instance_id, i.instance_id, p_kind, i.root_id, automation_private.clock()
    from automation.workflow_instances as i
    where i.org_id = p_org_id
        and i.instance_id = any (p_instances)
        and i.status in ('pending', 'running', 'paused')
    on conflict do nothing;
end;
$$;

comment on function automation_private.end_runs(uuid, uuid[], text) is
    'Lets the clock end runs, before anything of theirs that becomes due later. A timer, because '
    'whoever holds a feed must not wait for instances.';
