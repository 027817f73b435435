create or replace function automation_cmis.assign_conversation(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_conversation jsonb := automation_cmis.lock_conversation(p_config, p_context);
    v_present uuid := (v_conversation ->> 'assigned_to')::uuid;
    v_assignee uuid := automation_cmis.optional_uuid(p_config, 'user_id');
begin
    if v_conversation ->> 'status' not in ('open', 'in_progress') then
        raise exception using
            errcode = 'MA101',
            message = format(
                'the conversation cannot be assigned: it is %s', v_conversation ->> 'status'
            ),
            detail = format('conversation %s', v_conversation ->> 'conversation_id'),
            hint = 'it would have to be open or in progress';
    end if;
    if v_assignee is not null then
        perform automation_cmis.require_member(v_assignee, p_context);
    else
        v_assignee := automation_cmis.pick_member(
            coalesce(automation_cmis.optional_text(p_config, 'role'), 'social_manager'),
            v_present, p_context
        );
    end if;
    update cmis.social_conversations as c
    set
        assigned_to = v_assignee,
        status = 'in_progress',
        updated_at = now() at time zone 'utc'
    where c.org_id = (p_context ->> 'org_id')::uuid
        and c.conversation_id = (v_conversation ->> 'conversation_id')::uuid
        and (c.assigned_to is distinct from v_assignee or c.status = 'open');
    perform automation_cmis.assign_mention(
        (v_conversation ->> 'root_mention_id')::uuid, v_assignee, p_context
    );
    return jsonb_build_object(
        'conversation_id', v_conversation -> 'conversation_id', 'assigned_to', v_assignee,
        'name', (select u.name from cmis.users as u where u.user_id = v_assignee),
        'changed', v_assignee is distinct from v_present
    );
end;
$$;

comment on function automation_cmis.assign_conversation(jsonb, jsonb) is
    'Action: gives a conversation and its mention to a user, or to the member of a role who has '
    'the fewest; one who has it already keeps it. Returns {conversation_id, assigned_to, name, '
    'changed}. Raises MA101 when it is over, MA002 when there is nobody.';
