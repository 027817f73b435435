create or replace function automation_private.format_webhook_secret(p_secret bytea)
returns text
language sql
immutable
return 'whsec_' || replace(encode(p_secret, 'base64'), e'\n', '');

comment on function automation_private.format_webhook_secret(bytea) is
    'A secret as people exchange it: whsec_ and base64.';
