create or replace function automation_private.lock_fillable_orgs(p_org_ids uuid[])
returns uuid[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_paused uuid[] := automation_private.paused_among(p_org_ids);
    v_orgs uuid[];
begin
    with free as materialized (
        select s.org_id
        from automation_private.org_settings as s
        where s.org_id = any (p_org_ids) and s.org_id <> all (v_paused)
        for no key update skip locked
    )

    select array_agg(f.org_id) into v_orgs from free as f;
    return coalesce(v_orgs, '{}');
end;
$$;

comment on function automation_private.lock_fillable_orgs(uuid[]) is
    'Those of some organisations that are not paused and nobody else is filling the queue for, '
    'locked. What is counted after this call is what the last filler left.';
