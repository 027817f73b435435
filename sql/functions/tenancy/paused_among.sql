create or replace function automation_private.paused_among(p_org_ids uuid[])
returns uuid[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        select p.org_id
        from automation.org_pauses as p
        where p.org_id = any (p_org_ids) and p.resumed_at is null
    );
end;
$$;

comment on function automation_private.paused_among(uuid[]) is
    'Those of some organisations that pause_org has stopped.';
