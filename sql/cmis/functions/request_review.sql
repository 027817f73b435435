create or replace function automation_cmis.request_review(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_post jsonb := automation_cmis.lock_post(
        p_config, p_context, 'handed to review', array['submitted']
    );
    v_reason text := automation_cmis.require_text(p_config, 'reason');
    v_reviewers uuid[] := automation_cmis.find_members(
        coalesce(p_config ->> 'role', 'social_manager'), p_context
    );
begin
    update cmis.scheduled_posts as p
    set
        approval_workflow = automation_cmis.record_decision(
            p.approval_workflow, 'in_review', v_reason, p_context
        ) || jsonb_build_object('reviewers', to_jsonb(v_reviewers)),
        updated_at = now() at time zone 'utc'
    where p.org_id = (p_context ->> 'org_id')::uuid and p.post_id = (v_post ->> 'post_id')::uuid;
    perform automation_cmis.add_notifications(
        v_reviewers, format('Please review: %s', coalesce(v_post ->> 'title', 'a post')),
        v_reason, null, 'scheduled_post', (v_post ->> 'post_id')::uuid, p_context
    );
    return jsonb_build_object(
        'post_id', v_post -> 'post_id', 'reason', v_reason, 'reviewers', to_jsonb(v_reviewers)
    );
end;
$$;

comment on function automation_cmis.request_review(jsonb, jsonb) is
    'Action: hands a submitted post to the people with a role, who are notified; returns {post_id, '
    'reason, reviewers}. Raises MA101 in other states, MA002 when nobody has the role.';
