create or replace function automation_cmis.notify_team(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_message text := automation_cmis.require_text(p_config, 'message');
    v_members uuid[] := automation_cmis.find_members(
        coalesce(automation_cmis.optional_text(p_config, 'role'), 'marketing_manager'), p_context
    );
begin
    return jsonb_build_object(
        'notified', automation_cmis.add_notifications(
            v_members, automation_cmis.optional_text(p_config, 'title'), v_message,
            p_config -> 'data', null, null, p_context
        )
    );
end;
$$;

comment on function automation_cmis.notify_team(jsonb, jsonb) is
    'Action: puts a notification into the inboxes of all members with a role; returns {notified}. '
    'Raises MA002 when nobody has the role.';
