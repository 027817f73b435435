create or replace function automation_cmis.record_decision(
    p_approval_workflow jsonb,
    p_state text,
    p_reason text,
    p_context jsonb
)
returns jsonb
language sql
stable
return jsonb_build_object(
    'state', p_state,
    'history', coalesce(p_approval_workflow -> 'history', '[]') || jsonb_build_array(
        jsonb_strip_nulls(
            jsonb_build_object(
                'state', p_state, 'reason', p_reason, 'at', now(),
                'by', p_context -> 'user_id', 'instance_id', p_context -> 'instance_id'
            )
        )
    )
);

comment on function automation_cmis.record_decision(jsonb, text, text, jsonb) is
    'A post''s approval_workflow after one more decision: its state, and who decided what, when '
    'and why.';
