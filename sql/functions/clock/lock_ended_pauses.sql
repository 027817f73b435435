create or replace function automation_private.lock_ended_pauses()
returns automation.org_pauses[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_pauses automation.org_pauses[];
begin
    if not exists (
        select from automation_private.timers as t
        where t.overdue_since is not null and not t.is_held
    ) then
        return '{}'::automation.org_pauses[];
    end if;
    -- the recursion hops from organisation to organisation, so that a long backlog is never scanned
    with recursive waiting (org_id) as (
        (
            select t.org_id
            from automation_private.timers as t
            where t.overdue_since is not null and not t.is_held
            order by t.org_id
            limit 1
        )
        union all
        select (
            select t.org_id
            from automation_private.timers as t
            where t.org_id > w.org_id and t.overdue_since is not null and not t.is_held
            order by t.org_id
            limit 1
        )
        from waiting as w
        where w.org_id is not null
    ),

    latest as materialized (
        select w.org_id, p.paused_at
        from waiting as w
        cross join lateral (
            select x.paused_at
            from automation.org_pauses as x
            where x.org_id = w.org_id
            order by x.paused_at desc
            limit 1
        ) as p
    ),

    ended as materialized (
        select p.*
        from automation.org_pauses as p
        inner join latest as l on p.org_id = l.org_id and p.paused_at = l.paused_at
        where p.resumed_at is not null
        for no key update of p skip locked
    )

    select array_agg(e::automation.org_pauses) into v_pauses from ended as e;
    return coalesce(v_pauses, '{}');
end;
$$;

comment on function automation_private.lock_ended_pauses() is
    'The last pauses of organisations that are resumed and have overdue timers, locked; not those '
    'whose timers somebody else is letting go.';
