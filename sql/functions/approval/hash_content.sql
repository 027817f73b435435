create or replace function automation_private.hash_content(p_message text, p_content jsonb)
returns text
language sql
immutable
return encode(
    sha256(convert_to(
        jsonb_build_object('message', p_message, 'content', p_content)::text, 'UTF8'
    )), 'hex'
);

comment on function automation_private.hash_content(text, jsonb) is
    'The SHA-256 that names what is approved: message and content.';
