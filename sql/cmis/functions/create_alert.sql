create or replace function automation_cmis.create_alert(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_message text := automation_cmis.require_text(p_config, 'message');
    v_severity text := automation_cmis.require_choice(
        p_config, 'severity', array['low', 'medium', 'high', 'critical'], 'high'
    );
    v_title text := coalesce(
        automation_cmis.optional_text(p_config, 'title'),
        automation_cmis.optional_text(p_config, 'alert_name'),
        format('Alert: %s', v_severity)
    );
    v_mention_id uuid := automation_cmis.optional_uuid(p_config, 'mention_id');
    v_members uuid[] := automation_cmis.find_members(
        coalesce(automation_cmis.optional_text(p_config, 'notify_role'), 'marketing_manager'),
        p_context
    );
begin
    if v_mention_id is not null then
        perform automation_cmis.lock_mention(v_mention_id, p_context);
        update cmis.social_mentions as m
        set status = 'flagged', updated_at = now() at time zone 'utc'
        where m.org_id = (p_context ->> 'org_id')::uuid
            and m.mention_id = v_mention_id
            and m.status <> 'flagged';
    end if;
    return jsonb_build_object(
        'notified', automation_cmis.add_notifications(
            v_members, v_title, v_message,
            jsonb_strip_nulls(
                jsonb_build_object('severity', v_severity, 'mention_id', v_mention_id)
            ),
            'social_mention', v_mention_id, p_context
        )
    );
end;
$$;

comment on function automation_cmis.create_alert(jsonb, jsonb) is
    'Action: tells the members with a role that something is wrong, and flags the mention it is '
    'about; returns {notified}. Raises MA002 when nobody has the role or there is no such mention.';
