create or replace function automation_cmis.return_post(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_post jsonb := automation_cmis.lock_post(
        p_config, p_context, 'returned', array['submitted', 'in_review']
    );
    v_reason text := automation_cmis.require_text(p_config, 'reason');
begin
    update cmis.scheduled_posts as p
    set
        approval_status = 'rejected',
        approval_workflow = automation_cmis.record_decision(
            p.approval_workflow, 'rejected', v_reason, p_context
        ),
        updated_at = now() at time zone 'utc'
    where p.org_id = (p_context ->> 'org_id')::uuid and p.post_id = (v_post ->> 'post_id')::uuid;
    perform automation_cmis.add_notifications(
        array[(v_post ->> 'created_by')::uuid],
        format('Please revise: %s', coalesce(v_post ->> 'title', 'your post')),
        v_reason, null, 'scheduled_post', (v_post ->> 'post_id')::uuid, p_context
    );
    return jsonb_build_object('post_id', v_post -> 'post_id', 'reason', v_reason);
end;
$$;

comment on function automation_cmis.return_post(jsonb, jsonb) is
    'Action: gives a submitted post back to its author, who is told the reason; returns {post_id, '
    'reason}. Raises MA101 in other states.';
