create or replace function automation_private.hash_token(p_token text)
returns bytea
language sql
immutable
return sha256(convert_to(p_token, 'UTF8'));

comment on function automation_private.hash_token(text) is
    'What is kept of the token of a link.';
