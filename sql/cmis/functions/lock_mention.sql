create or replace function automation_cmis.lock_mention(p_mention_id uuid, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_mention record;
begin
    select m.mention_id, m.keyword_id, m.platform, m.author_username, m.sentiment,
        m.detected_topics, m.published_at
    into v_mention
    from cmis.social_mentions as m
    where m.org_id = (p_context ->> 'org_id')::uuid
        and m.mention_id = p_mention_id
        and m.deleted_at is null
    for no key update;
    if v_mention.mention_id is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such mention in this organisation',
            detail = format('mention %s', p_mention_id);
    end if;
    return to_jsonb(v_mention);
end;
$$;

comment on function automation_cmis.lock_mention(uuid, jsonb) is
    'A mention, locked, as an object; raises MA002 when the organisation has no such mention. '
    'Whoever works on a conversation locks its mention first.';
