create or replace function automation_cmis.mark_post_failed(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_post jsonb := automation_cmis.lock_post(
        p_config, p_context, 'marked as failed', array['scheduled', 'publishing']
    );
    v_reason text := automation_cmis.require_text(p_config, 'reason');
begin
    update cmis.scheduled_posts as p
    set status = 'failed', error_message = v_reason, updated_at = now() at time zone 'utc'
    where p.org_id = (p_context ->> 'org_id')::uuid and p.post_id = (v_post ->> 'post_id')::uuid;
    return jsonb_build_object('post_id', v_post -> 'post_id', 'reason', v_reason);
end;
$$;

comment on function automation_cmis.mark_post_failed(jsonb, jsonb) is
    'Action: records that a post could not be published and why; returns {post_id, reason}. Raises '
    'MA101 unless the post was scheduled or being published.';
