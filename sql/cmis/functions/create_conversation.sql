create or replace function automation_cmis.create_conversation(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- the lock makes two that want a conversation about the same mention take turns
    v_mention jsonb := automation_cmis.lock_mention(
        automation_cmis.require_uuid(p_config, 'mention_id'), p_context
    );
    v_wanted jsonb := automation_cmis.read_conversation(p_config, p_context);
    v_conversation_id uuid;
    v_written record;
begin
    select c.conversation_id into v_conversation_id
    from cmis.social_conversations as c
    where c.org_id = (p_context ->> 'org_id')::uuid
        and c.root_mention_id = (v_mention ->> 'mention_id')::uuid
        and c.status in ('open', 'in_progress')
        and c.deleted_at is null
    order by c.last_activity_at desc, c.conversation_id
    limit 1
    for no key update;
    if v_conversation_id is not null then
        return automation_cmis.raise_conversation(v_conversation_id, v_wanted, p_context);
    end if;
    insert into cmis.social_conversations (
        org_id, root_mention_id, platform, status, assigned_to, priority, participants,
        overall_sentiment, topics, requires_escalation, internal_notes, tags, last_activity_at
    )
    values (
        (p_context ->> 'org_id')::uuid, (v_mention ->> 'mention_id')::uuid,
        v_mention ->> 'platform',
        case when v_wanted ? 'assign_to' then 'in_progress' else 'open' end,
        (v_wanted ->> 'assign_to')::uuid, v_wanted ->> 'priority',
        jsonb_build_array(v_mention ->> 'author_username'), v_mention ->> 'sentiment',
        nullif(v_mention -> 'detected_topics', 'null'),
        (v_wanted ->> 'requires_escalation')::boolean, v_wanted ->> 'notes', v_wanted -> 'tags',
        (v_mention ->> 'published_at')::timestamp
    )
    returning conversation_id, priority, assigned_to into v_written;
    if v_written.assigned_to is not null then
        perform automation_cmis.assign_mention(
            (v_mention ->> 'mention_id')::uuid, v_written.assigned_to, p_context
        );
    end if;
    return jsonb_build_object(
        'conversation_id', v_written.conversation_id, 'priority', v_written.priority,
        'created', true
    );
end;
$$;

comment on function automation_cmis.create_conversation(jsonb, jsonb) is
    'Action: opens a conversation about a mention, or raises the one that is open; returns '
    '{conversation_id, priority, created}.';
