create or replace function automation_cmis.lock_post(
    p_config jsonb,
    p_context jsonb,
    p_intent text,
    p_states text[]
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_post_id uuid := automation_cmis.require_uuid(p_config, 'post_id');
    v_post record;
    v_state text;
begin
    select p.post_id, p.created_by, p.title, p.scheduled_at, p.status, p.approval_status,
        p.approval_workflow
    into v_post
    from cmis.scheduled_posts as p
    where p.org_id = (p_context ->> 'org_id')::uuid
        and p.post_id = v_post_id
        and p.deleted_at is null
    for no key update;
    if v_post.post_id is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such post in this organisation',
            detail = format('post %s', v_post_id);
    end if;
    v_state := automation_cmis.post_state(
        v_post.status, v_post.approval_status, v_post.approval_workflow
    );
    if not v_state = any (p_states) then
        raise exception using
            errcode = 'MA101',
            message = format(
                'the post cannot be %s: it is %s', p_intent, replace(v_state, '_', ' ')
            ),
            detail = format('post %s', v_post_id),
            hint = format('it would have to be %s', array_to_string(p_states, ' or '));
    end if;
    return to_jsonb(v_post);
end;
$$;

comment on function automation_cmis.lock_post(jsonb, jsonb, text, text[]) is
    'The post that a configuration names, locked, as an object. Raises MA002 when the organisation '
    'has no such post and MA101 when the post is in none of the states given.';
