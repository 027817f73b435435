create or replace function automation_private.drop_pending(p_org_ids uuid[], p_step_ids uuid[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- one that the filler has claimed is passed over: the filler finds that the step is not pending
    with claimed as materialized (
        select p.org_id, p.step_id
        from unnest(p_org_ids, p_step_ids) as u (org_id, step_id)
        inner join automation_private.pending_actions as p
            on p.org_id = u.org_id and p.step_id = u.step_id
        for update of p skip locked
    )

    delete from automation_private.pending_actions as p
    using claimed as c
    where p.org_id = c.org_id and p.step_id = c.step_id;
end;
$$;

comment on function automation_private.drop_pending(uuid[], uuid[]) is
    'Takes actions away from those that wait to enter the queue.';
