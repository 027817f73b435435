create or replace function automation_private.uuid_v7_prefix(p_at timestamptz)
returns text
language sql
immutable
return lpad(to_hex(floor(extract(epoch from p_at) * 1000)::bigint), 12, '0')
    || to_hex(28672 + (extract(microseconds from p_at)::int % 1000) * 4096 / 1000);

comment on function automation_private.uuid_v7_prefix(timestamptz) is
    'The first 16 hexadecimal digits of a UUID of version 7: milliseconds, version, microseconds.';
