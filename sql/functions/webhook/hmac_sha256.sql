create or replace function automation_private.hmac_sha256(p_key bytea, p_message bytea)
returns bytea
language sql
immutable
return sha256(
    automation_private.pad_hmac_key(p_key, x'5c5c5c5c5c5c5c5c'::bigint)
    || sha256(
        automation_private.pad_hmac_key(p_key, x'3636363636363636'::bigint) || p_message
    )
);

comment on function automation_private.hmac_sha256(bytea, bytea) is
    'HMAC-SHA256 (RFC 2104) of a message, without an extension.';
