create or replace function automation_private.claim_timers(p_limit int, p_now timestamptz)
returns automation_private.due_timer[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_timers automation_private.due_timer[];
begin
    with claimed as materialized (
        select t.*
        from automation_private.timers as t
        where t.due_at <= p_now
        order by t.due_at
        limit p_limit
        for update skip locked
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
        c.org_id, c.instance_id, c.root_id, c.step_id, c.kind, c.due_at,
        (
            c.org_id, c.instance_id, c.root_id, c.step_order, c.scope_id, c.iteration_id,
            c.from_order, c.enters_id
        )::automation_private.token,
        c.attempt
    )::automation_private.due_timer order by c.due_at)
    into v_timers
    from claimed as c;
    return coalesce(v_timers, '{}');
end;
$$;

comment on function automation_private.claim_timers(int, timestamptz) is
    'Takes due timers that nobody else has claimed, the longest due first.';
