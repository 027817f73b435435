create or replace function automation_private.uuid_v7_at(p_prefix text, p_position bigint)
returns uuid
language sql
volatile
return (
    p_prefix || '8' || lpad(to_hex(p_position % 4096), 3, '0')
    || substr(gen_random_uuid()::text, 25)
)::uuid;

comment on function automation_private.uuid_v7_at(text, bigint) is
    'A time-ordered UUID with a prefix of uuid_v7_prefix, ordered within a batch by the position.';
