create or replace function automation_private.error_object(
    p_code text,
    p_class text,
    p_message text
)
returns jsonb
language sql
stable
return jsonb_build_object('code', p_code, 'class', p_class, 'message', left(p_message, 2000));

comment on function automation_private.error_object(text, text, text) is
    'An error as steps and instances record it: code, class (what retry policies name), message.';
