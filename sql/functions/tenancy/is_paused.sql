create or replace function automation_private.is_paused(p_org_id uuid)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from automation.org_pauses as p
        where p.org_id = p_org_id and p.resumed_at is null
    );
end;
$$;

comment on function automation_private.is_paused(uuid) is
    'Whether an organisation is stopped by pause_org.';
