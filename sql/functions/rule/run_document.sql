create or replace function automation_private.run_document(
    p_org_id uuid,
    p_trigger jsonb,
    p_current jsonb
)
returns jsonb
language sql
stable
return jsonb_build_object(
    'new', p_current,
    'old', p_trigger -> 'old',
    'trigger', p_trigger || jsonb_build_object('new', p_current),
    'org', jsonb_build_object(
        'id', p_org_id, 'timezone', automation_private.org_timezone_of(p_org_id)
    )
);

comment on function automation_private.run_document(uuid, jsonb, jsonb) is
    'What a rule''s condition reads when it is asked again: the row as it is now, and what '
    'triggered the run.';
