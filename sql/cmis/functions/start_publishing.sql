create or replace function automation_cmis.start_publishing(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_post jsonb := automation_cmis.lock_post(
        p_config, p_context, 'published', array['scheduled']
    );
begin
    update cmis.scheduled_posts as p
    set status = 'publishing', updated_at = now() at time zone 'utc'
    where p.org_id = (p_context ->> 'org_id')::uuid and p.post_id = (v_post ->> 'post_id')::uuid;
    return jsonb_build_object('post_id', v_post -> 'post_id');
end;
$$;

comment on function automation_cmis.start_publishing(jsonb, jsonb) is
    'Action: takes a scheduled post for publishing, so that nobody withdraws it any more; returns '
    '{post_id}. Raises MA101 in other states, for instance when it was cancelled in the meantime.';
