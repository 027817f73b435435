create or replace function automation_private.build_error(
    p_pointer text, p_code text, p_message text, p_hint text default null
)
returns jsonb
language sql immutable
return jsonb_strip_nulls(jsonb_build_object(
    'pointer', p_pointer, 'code', p_code, 'message', p_message, 'hint', p_hint
));

comment on function automation_private.build_error(text, text, text, text) is
    'One entry of a list of errors: where, what kind, in words, and what to do about it.';
