create or replace function automation.check_invariants()
returns table (invariant text, org_id uuid, instance_id uuid, detail text)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
    select c.invariant, c.org_id, c.instance_id, c.detail
    from automation_private.check_instances() as c
    union all
    select c.invariant, c.org_id, c.instance_id, c.detail
    from automation_private.check_waiting() as c
    union all
    select c.invariant, c.org_id, c.instance_id, c.detail
    from automation_private.check_families() as c
    union all
    select c.invariant, c.org_id, c.instance_id, c.detail
    from automation_private.check_waits() as c
    union all
    select c.invariant, c.org_id, c.instance_id, c.detail
    from automation_private.check_approvals() as c;
end;

comment on function automation.check_invariants() is
    'Everything in the engine''s tables that contradicts itself; no row when all is well. Reads '
    'all organisations and every open row: for tests, after a restore, when in doubt. '
    'Administrators only.';
