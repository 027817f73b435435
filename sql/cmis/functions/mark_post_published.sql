create or replace function automation_cmis.mark_post_published(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_post jsonb := automation_cmis.lock_post(
        p_config, p_context, 'marked as published', array['publishing']
    );
    v_published jsonb := p_config -> 'published';
begin
    if jsonb_typeof(v_published) is distinct from 'array' or v_published = '[]' then
        raise exception using
            errcode = 'MA001',
            message = '"published" must list where the post was published',
            hint = '[{"platform": "instagram", "id": "…"}]';
    end if;
    insert into cmis.platform_posts (
        org_id, scheduled_post_id, platform, platform_post_id_external, status, published_at
    )
    select
        (p_context ->> 'org_id')::uuid, (v_post ->> 'post_id')::uuid, t.platform, t.id,
        'published', now() at time zone 'utc'
    from jsonb_to_recordset(v_published) as t (platform text, id text)
    order by t.platform;
    update cmis.scheduled_posts as p
    set
        status = 'published',
        published_at = now() at time zone 'utc',
        error_message = null,
        updated_at = now() at time zone 'utc'
    where p.org_id = (p_context ->> 'org_id')::uuid and p.post_id = (v_post ->> 'post_id')::uuid;
    return jsonb_build_object('post_id', v_post -> 'post_id', 'published_at', now());
end;
$$;

comment on function automation_cmis.mark_post_published(jsonb, jsonb) is
    'Action: records where a post was published: [{platform, id}]; returns {post_id, '
    'published_at}. Raises MA101 unless the post was being published.';
