create or replace function automation_private.skip_overdue(
    p_org_id uuid,
    p_instance_ids uuid[],
    p_before timestamptz
)
returns automation_private.outcome[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_outcomes automation_private.outcome[];
begin
    with claimed as materialized (
        select t.org_id, t.instance_id, t.root_id, t.step_id, t.kind, t.attempt
        from automation_private.timers as t
        where t.org_id = p_org_id
            and t.instance_id = any (p_instance_ids)
            and t.kind in ('delay', 'retry')
            and (t.is_held or t.overdue_since is null)
            and coalesce(t.overdue_since, t.due_at) < p_before
        for update of t skip locked
    ),

    removed as (
        delete from automation_private.timers as t
        using claimed as c
        where t.org_id = c.org_id
            and t.instance_id = c.instance_id
            and t.step_id = c.step_id
            and t.kind = c.kind
            and t.attempt = c.attempt
    )

    select array_agg((
        c.org_id, c.instance_id, c.root_id, c.step_id, 'skipped', null, null, null, 'overdue'
    )::automation_private.outcome)
    into v_outcomes
    from claimed as c;
    return coalesce(v_outcomes, '{}');
end;
$$;

comment on function automation_private.skip_overdue(uuid, uuid[], timestamptz) is
    'Delays and next attempts that were due before this time: their steps are skipped and their '
    'tokens end.';
