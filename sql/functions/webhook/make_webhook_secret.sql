create or replace function automation_private.make_webhook_secret()
returns bytea
language sql
volatile
-- each uuid carries 122 bits of the server's strong random source: 488 bits become 256
return sha256(
    uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
    || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
);

comment on function automation_private.make_webhook_secret() is
    'A new secret: 32 random bytes that nobody can guess.';
