create or replace function automation_private.lock_roots(p_org_ids uuid[], p_root_ids uuid[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform
    from automation.workflow_instances as i
    inner join (
        select distinct u.org_id, u.root_id
        from unnest(p_org_ids, p_root_ids) as u (org_id, root_id)
    ) as r on r.org_id = i.org_id and r.root_id = i.instance_id
    order by i.org_id, i.instance_id
    for no key update of i;
end;
$$;

comment on function automation_private.lock_roots(uuid[], uuid[]) is
    'Locks families of instances by their root rows, in ascending order.';
