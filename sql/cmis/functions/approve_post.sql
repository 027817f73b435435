create or replace function automation_cmis.approve_post(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_post jsonb := automation_cmis.lock_post(
        p_config, p_context, 'approved', array['submitted', 'in_review']
    );
begin
    update cmis.scheduled_posts as p
    set
        approval_status = 'approved',
        approved_by = (p_context ->> 'user_id')::uuid,
        approved_at = now() at time zone 'utc',
        approval_workflow = automation_cmis.record_decision(
            p.approval_workflow, 'approved', p_config ->> 'reason', p_context
        ),
        updated_at = now() at time zone 'utc'
    where p.org_id = (p_context ->> 'org_id')::uuid and p.post_id = (v_post ->> 'post_id')::uuid;
    return jsonb_build_object('post_id', v_post -> 'post_id', 'approved_at', now());
end;
$$;

comment on function automation_cmis.approve_post(jsonb, jsonb) is
    'Action: approves a submitted post; returns {post_id, approved_at}. Raises MA101 in other '
    'states.';
