create or replace function automation_private.cancel_children(
    p_org_ids uuid[],
    p_instance_ids uuid[],
    p_step_ids uuid[] default null
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ends automation_private.ending[] := array(
        select distinct (
            c.org_id, c.instance_id, c.root_id, 'cancelled', 'parent_ended', null, false
        )::automation_private.ending
        from unnest(p_org_ids, p_instance_ids, p_step_ids) as u (org_id, instance_id, step_id)
        cross join lateral (
            select x.org_id, x.instance_id, x.root_id
            from automation.workflow_instances as x
            where x.org_id = u.org_id
                and x.parent_instance_id = u.instance_id
                and (p_step_ids is null or x.parent_step_id = u.step_id)
                and x.parent_step_id is not null
                and x.status in ('pending', 'running', 'paused')
            offset 0
        ) as c
    );
begin
    if cardinality(v_ends) > 0 then
        perform automation_private.finish_instances(v_ends);
    end if;
end;
$$;

comment on function automation_private.cancel_children(uuid[], uuid[], uuid[]) is
    'Cancels the sub-workflows that these steps of instances wait for, or all steps of them, with '
    'all that these have started in their turn. Nobody waits for them any more.';
