create or replace function automation_private.announce_approvals(
    p_approvals automation.approvals[],
    p_kind text,
    p_number int
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := automation_private.clock();
    v_org record;
begin
    insert into automation.automation_notifications (
        org_id, notification_id, user_id, kind, message, details, dedupe_key, created_at
    )
    select
        a.org_id, automation_private.uuid_v7(), u.user_id, p_kind, left(a.message, 2000),
        automation_private.describe_approval(a),
        concat_ws('|', p_kind, a.step_id, a.revision, p_number, u.user_id), v_now
    from unnest(p_approvals) as a
    cross join unnest(a.awaited) as u (user_id)
    on conflict (org_id, dedupe_key) do nothing;

    for v_org in
        select
            a.org_id,
            jsonb_agg(jsonb_build_object(
                'event', p_kind,
                'entity', a.step_id,
                'new', automation_private.describe_approval(a),
                'caused_by', a.instance_id
            )) as events
        from unnest(p_approvals) as a
        group by a.org_id
    loop
        perform automation_private.record_events(v_org.org_id, v_org.events, 'engine');
    end loop;
end;
$$;

comment on function automation_private.announce_approvals(automation.approvals[], text, int) is
    'Tells everybody who is awaited, once each, and records an event for each approval.';
