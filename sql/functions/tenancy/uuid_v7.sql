create or replace function automation_private.uuid_v7()
returns uuid
language sql
volatile
return (
    automation_private.uuid_v7_prefix(clock_timestamp()) || substr(gen_random_uuid()::text, 20)
)::uuid;

comment on function automation_private.uuid_v7() is
    'A time-ordered UUID (RFC 9562 version 7 with microseconds in rand_a), also below '
    'PostgreSQL 18.';
