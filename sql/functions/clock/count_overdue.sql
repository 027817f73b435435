create or replace function automation_private.count_overdue(p_org_id uuid, p_now timestamptz)
returns int
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
    return (
        select count(*)::int
        from automation_private.timers as t
        where t.org_id = p_org_id and t.overdue_since is not null and not t.is_held
    ) + (
        select count(*)::int
        from automation_private.timers as t
        where t.org_id = p_org_id and t.due_at <= p_now
    );
end;
$$;

comment on function automation_private.count_overdue(uuid, timestamptz) is
    'How many timers of a paused organisation are overdue, whether the clock has found them or '
    'not.';
