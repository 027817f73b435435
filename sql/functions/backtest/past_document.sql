create or replace function automation_private.past_document(
    p_form text,
    p_event_id bigint,
    p_event text,
    p_entity text,
    p_source text,
    p_occurred_at timestamptz,
    p_new jsonb,
    p_old jsonb,
    p_org_id uuid,
    p_timezone text
)
returns jsonb
language sql
stable
return case p_form
    when 'new' then coalesce(p_new, 'null')
    when 'rows' then jsonb_build_object('new', p_new, 'old', p_old)
    else jsonb_build_object(
        'new', coalesce(p_new, '{}'),
        'old', p_old,
        'trigger', jsonb_build_object(
            'type', automation_private.start_type(p_event), 'event', p_event,
            'event_id', p_event_id, 'entity', p_entity, 'source', p_source, 'who', null,
            'occurred_at', automation_private.format_instant(p_occurred_at, 'UTC'),
            'new', coalesce(p_new, '{}'), 'old', p_old
        ) || case p_form
            when 'changes' then jsonb_build_object(
                'changed', automation_private.list_changed(p_new, p_old)
            )
            else '{}'
        end,
        'org', jsonb_build_object('id', p_org_id, 'timezone', p_timezone)
    )
end;

comment on function automation_private.past_document(
    text, bigint, text, text, text, timestamptz, jsonb, jsonb, uuid, text
) is
    'As much of event_document as a condition reads, so that a hundred thousand of them take a '
    'second and not twenty.';
