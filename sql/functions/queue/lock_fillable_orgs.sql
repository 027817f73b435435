create or replace function automation_private.lock_fillable_orgs()
returns uuid[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_orgs uuid[];
begin
    -- the recursion hops from organisation to organisation, so that a long backlog is never scanned
    with recursive waiting (org_id) as (
        (select p.org_id from automation_private.pending_actions as p order by p.org_id limit 1)
        union all
        select (
            select p.org_id
            from automation_private.pending_actions as p
            where p.org_id > w.org_id
            order by p.org_id
            limit 1
        )
        from waiting as w
        where w.org_id is not null
    ),

    free as materialized (
        select s.org_id
        from automation_private.org_settings as s
        where s.org_id in (select w.org_id from waiting as w)
        for no key update skip locked
    )

    select array_agg(f.org_id) into v_orgs from free as f;
    return coalesce(v_orgs, '{}');
end;
$$;

comment on function automation_private.lock_fillable_orgs() is
    'The organisations with pending actions that nobody else is filling the queue for, locked. '
    'What is counted after this call is what the last filler left.';
