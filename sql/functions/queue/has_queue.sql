create or replace function automation_private.has_queue(p_org_id uuid)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select
        from automation_private.pending_names(p_org_id) as n
        cross join (select automation_private.clock() as now) as c
        where not automation_private.is_held(p_org_id, n.action, c.now)
    );
end;
$$;

comment on function automation_private.has_queue(uuid) is
    'Whether actions are pending that only want a place in the queue; those that a limit holds '
    'back are nobody''s turn.';
