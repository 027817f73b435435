create or replace function automation_cmis.lock_conversation(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid := (p_context ->> 'org_id')::uuid;
    v_conversation_id uuid := automation_cmis.require_uuid(p_config, 'conversation_id');
    v_conversation record;
begin
    -- first the mention, as create_conversation does: in the other order the two could deadlock
    perform
    from cmis.social_mentions as m
    where m.org_id = v_org_id
        and m.mention_id = (
            select c.root_mention_id
            from cmis.social_conversations as c
            where c.org_id = v_org_id and c.conversation_id = v_conversation_id
        )
    for no key update;
    select c.conversation_id, c.root_mention_id, c.status, c.assigned_to
    into v_conversation
    from cmis.social_conversations as c
    where c.org_id = v_org_id
        and c.conversation_id = v_conversation_id
        and c.deleted_at is null
    for no key update;
    if v_conversation.conversation_id is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such conversation in this organisation',
            detail = format('conversation %s', v_conversation_id);
    end if;
    return to_jsonb(v_conversation);
end;
$$;

comment on function automation_cmis.lock_conversation(jsonb, jsonb) is
    'The conversation that a configuration names, locked like its mention, as an object; raises '
    'MA002 when the organisation has no such conversation.';
