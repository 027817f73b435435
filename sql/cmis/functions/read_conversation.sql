create or replace function automation_cmis.read_conversation(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_assignee uuid := automation_cmis.optional_uuid(p_config, 'assign_to');
begin
    if v_assignee is not null then
        perform automation_cmis.require_member(v_assignee, p_context);
    end if;
    return jsonb_strip_nulls(
        jsonb_build_object(
            'priority', automation_cmis.require_choice(
                p_config, 'priority', array['normal', 'high', 'urgent'], 'high'
            ),
            'assign_to', v_assignee,
            'tags', automation_cmis.require_texts(p_config, 'tags'),
            'notes', automation_cmis.optional_text(p_config, 'notes'),
            'requires_escalation', automation_cmis.require_flag(p_config, 'requires_escalation')
        )
    );
end;
$$;

comment on function automation_cmis.read_conversation(jsonb, jsonb) is
    'What a configuration wants of a conversation: {priority, assign_to, tags, notes, '
    'requires_escalation}, checked and with defaults.';
