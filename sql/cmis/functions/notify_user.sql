create or replace function automation_cmis.notify_user(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user_id uuid := automation_cmis.require_uuid(p_config, 'user_id');
    v_message text := automation_cmis.require_text(p_config, 'message');
begin
    perform automation_cmis.require_member(v_user_id, p_context);
    perform automation_cmis.add_notifications(
        array[v_user_id], p_config ->> 'title', v_message, p_config -> 'data',
        'scheduled_post', automation_cmis.optional_uuid(p_config, 'post_id'), p_context
    );
    return jsonb_build_object('notified', v_user_id);
end;
$$;

comment on function automation_cmis.notify_user(jsonb, jsonb) is
    'Action: puts a notification into the inbox of a member of the organisation; returns '
    '{notified}.';
