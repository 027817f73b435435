create or replace function automation_private.notify_owner(
    p_org_id uuid,
    p_rule_id uuid,
    p_kind text,
    p_message text,
    p_details jsonb,
    p_dedupe_key text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rule automation.automation_rules;
begin
    select r.* into v_rule
    from automation.automation_rules as r
    where r.org_id = p_org_id and r.rule_id = p_rule_id;
    insert into automation.automation_notifications (
        org_id, notification_id, user_id, kind, rule_id, message, details, dedupe_key, created_at
    )
    values (
        p_org_id, automation_private.uuid_v7(), v_rule.created_by, p_kind, p_rule_id,
        format('%s: %s', v_rule.rule_name, p_message), p_details, p_dedupe_key,
        automation_private.clock()
    )
    on conflict (org_id, dedupe_key) do nothing;
    if found then
        perform automation_private.record_events(
            p_org_id,
            jsonb_build_array(jsonb_build_object(
                'event', 'rule.' || p_kind,
                'entity', p_rule_id,
                'new', p_details || jsonb_build_object(
                    'rule_id', p_rule_id, 'rule_name', v_rule.rule_name,
                    'owner', v_rule.created_by, 'message', p_message
                )
            )),
            'engine'
        );
    end if;
end;
$$;

comment on function automation_private.notify_owner(uuid, uuid, text, text, jsonb, text) is
    'Tells the owner of a rule something, as a notification and an event; the same key only once.';
