create or replace function automation_private.record_suppressed(
    p_firings automation_private.firing[]
)
returns void
language sql
volatile
begin atomic
    insert into automation.automation_executions (
        org_id, execution_id, execution_type, rule_id, rule_version, template_id, event_id,
        trigger_source, trigger_data, status, reason, occurrences, started_at, completed_at,
        execution_time_ms, execution_log
    )
    select
        f.org_id, automation_private.uuid_v7(),
        case f.kind when 'rule' then 'rule' else 'workflow' end,
        case f.kind when 'rule' then f.listener_id end,
        case f.kind when 'rule' then f.version end,
        case when f.kind <> 'rule' then f.listener_id end,
        f.event_id, automation_private.start_type(t.event),
        case when pg_column_size(t.trigger) <= 65536 then t.trigger end,
        case when f.fails then 'failed' else 'skipped' end,
        f.suppressed, f.occurrences, n.now as started_at, n.now as completed_at, 0,
        f.details
    from (
        select
            u.*,
            case when u.ordinality = last_value(u.ordinality) over alike then
                greatest(count(*) over alike - 9, 1) else 1
            end as occurrences,
            row_number() over (
                partition by u.org_id, u.listener_id, u.suppressed order by u.ordinality
            ) as place,
            count(*) over alike as alike
        from unnest(p_firings) with ordinality as u
        window alike as (
            partition by u.org_id, u.listener_id, u.suppressed order by u.ordinality
            rows between unbounded preceding and unbounded following
        )
    ) as f
    cross join lateral (
        select x.event, automation_private.event_document(x) -> 'trigger' as trigger
        from automation.automation_events as x
        where x.org_id = f.org_id and x.event_id = f.event_id
        offset 0
    ) as t
    cross join (select automation_private.clock() as now) as n
    where f.place < 10 or f.place = f.alike
    order by f.ordinality;

    insert into automation_private.usage_changes (org_id, rule_id, started, ended, failed, used_at)
    select f.org_id, f.listener_id, 0, count(*), count(*), automation_private.clock()
    from unnest(p_firings) as f
    -- what a limit held back is no run that went wrong
    where f.fails and f.kind = 'rule' and f.suppressed <> 'limit_reached'
    group by f.org_id, f.listener_id;
end;

comment on function automation_private.record_suppressed(automation_private.firing[]) is
    'Writes firings that were suppressed into the history, with their reason: of many of a kind '
    'the first nine, and one row for the rest.';
