create or replace function automation_cmis.create_draft_post(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_author uuid := (p_context ->> 'user_id')::uuid;
    v_submit boolean := automation_cmis.require_flag(p_config, 'submit');
    v_post_id uuid;
begin
    if p_config ? 'author_id' then
        v_author := automation_cmis.require_uuid(p_config, 'author_id');
    end if;
    perform automation_cmis.require_member(v_author, p_context);
    insert into cmis.scheduled_posts (
        org_id, created_by, title, content, post_type, platforms, hashtags, media_urls,
        approval_status
    )
    values (
        (p_context ->> 'org_id')::uuid, v_author, left(p_config ->> 'title', 255),
        automation_cmis.require_text(p_config, 'content'),
        coalesce(p_config ->> 'post_type', 'text'), coalesce(p_config -> 'platforms', '[]'),
        coalesce(p_config -> 'hashtags', '[]'), coalesce(p_config -> 'media_urls', '[]'),
        case when v_submit then 'pending' end
    )
    returning post_id into v_post_id;
    return jsonb_build_object('post_id', v_post_id, 'submitted', v_submit);
end;
$$;

comment on function automation_cmis.create_draft_post(jsonb, jsonb) is
    'Action: writes a draft post, submitted for approval if asked; returns {post_id, submitted}.';
