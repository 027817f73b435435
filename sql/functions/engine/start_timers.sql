create or replace function automation_private.start_timers(
    p_visits automation_private.visit[]
)
returns automation_private.outcome[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
begin
    insert into automation_private.timers (
        org_id, instance_id, step_id, kind, root_id, due_at, attempt
    )
    select
        v.org_id, v.instance_id, v.step_id, k.kind, v.root_id, k.due_at,
        case k.kind when 'timeout' then v.attempt else 1 end
    from unnest(p_visits) as v
    cross join lateral (
        values ('delay', v.due_at), ('timeout', v_now + v.timeout)
    ) as k (kind, due_at)
    where (k.kind = 'timeout' or k.due_at > v_now)
        and k.due_at is not null
        and v.runs in (
            'delay', 'external', 'split', 'loop', 'scope', 'wait', 'approval', 'workflow'
        )
        and v.error is null;

    return array(
        select (
            v.org_id, v.instance_id, v.root_id, v.step_id, 'completed',
            jsonb_build_object(
                'until', automation_private.format_instant(v.due_at, 'UTC'), 'waited_seconds', 0
            ), null, 0, null
        )::automation_private.outcome
        from unnest(p_visits) as v
        where v.due_at <= v_now and v.error is null
    );
end;
$$;

comment on function automation_private.start_timers(automation_private.visit[]) is
    'Sets the ends of delays and the timeouts of steps just entered; returns the delays that '
    'are over already, which pass at once.';
