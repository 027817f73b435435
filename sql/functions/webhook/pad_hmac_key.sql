create or replace function automation_private.pad_hmac_key(p_key bytea, p_pad bigint)
returns bytea
language sql
immutable
return (
    -- bytea has no xor: eight bytes at a time as a number
    select string_agg(int8send(int8xor(
        ('x' || encode(substr(k.block, 8 * n.part + 1, 8), 'hex'))::bit(64)::bigint, p_pad
    )), ''::bytea order by n.part)
    from (
        select substr(
            case when octet_length(p_key) > 64 then sha256(p_key) else p_key end
            || decode(repeat('00', 64), 'hex'), 1, 64
        ) as block
    ) as k
    cross join generate_series(0, 7) as n (part)
);

comment on function automation_private.pad_hmac_key(bytea, bigint) is
    'The key of an HMAC-SHA256 as a block of 64 bytes (RFC 2104), with the eight bytes of p_pad '
    'xored over it.';
