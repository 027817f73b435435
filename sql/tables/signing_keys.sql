create table automation_private.signing_keys (
    purpose text primary key,
    key text not null
);

comment on table automation_private.signing_keys is
    'Keys made here and known to nobody else.';

insert into automation_private.signing_keys (purpose, key)
values ('cause', gen_random_uuid()::text || gen_random_uuid()::text);
