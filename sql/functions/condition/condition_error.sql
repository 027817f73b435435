create or replace function automation_private.condition_error(
    p_code text, p_message text, p_hint text default null
)
returns jsonb
language sql immutable
return jsonb_build_object('error', jsonb_build_object(
    'code', p_code, 'message', p_message, 'hint', p_hint
));

comment on function automation_private.condition_error(text, text, text) is
'An error of a part of a condition, before its place is known.';
