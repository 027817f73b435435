create or replace function automation_private.record_refused(
    p_requests automation_private.start_request[]
)
returns void
language sql
volatile
begin atomic
    insert into automation.automation_executions (
        org_id, execution_id, execution_type, rule_id, rule_version, template_id, event_id,
        trigger_source, trigger_data, status, reason, started_at, completed_at, execution_time_ms,
        error_message
    )
    select
        r.org_id, automation_private.uuid_v7(),
        case when r.rule_id is null then 'workflow' else 'rule' end,
        r.rule_id, r.rule_version, r.template_id, r.event_id,
        automation_private.start_type(r.trigger ->> 'event'),
        case when pg_column_size(r.trigger) <= 65536 then r.trigger end,
        'failed', r.error ->> 'code', n.now as started_at, n.now as completed_at, 0,
        left(concat_ws(': ', r.error ->> 'message', (
            select string_agg(
                concat_ws(' ', e.value ->> 'pointer', e.value ->> 'message'), ', '
                order by e.ordinality
            )
            from jsonb_array_elements(r.error -> 'errors') with ordinality as e
        )), 2000)
    from unnest(p_requests) as r
    cross join (select automation_private.clock() as now) as n
    order by r.item;

    insert into automation_private.usage_changes (org_id, rule_id, started, ended, failed, used_at)
    select r.org_id, r.rule_id, 0, count(*), count(*), automation_private.clock()
    from unnest(p_requests) as r
    where r.rule_id is not null
    group by r.org_id, r.rule_id;
end;

comment on function automation_private.record_refused(automation_private.start_request[]) is
    'Writes firings that could not be started into the history, with what stood in the way.';
