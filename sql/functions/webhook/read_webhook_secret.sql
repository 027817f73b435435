create or replace function automation_private.read_webhook_secret(p_secret text)
returns bytea
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_secret bytea;
begin
    if p_secret ~ '^whsec_[A-Za-z0-9+/]{32,86}={0,2}$' and length(p_secret) % 4 = 2 then
        v_secret := decode(substr(p_secret, 7), 'base64');
    end if;
    -- the secret is in no part of the error, which others may read
    if v_secret is null or octet_length(v_secret) not between 24 and 64 then
        raise exception using
            errcode = 'MA001',
            message = 'a secret is whsec_ and the base64 of 24 to 64 bytes',
            hint = 'without a secret, one is made';
    end if;
    return v_secret;
end;
$$;

comment on function automation_private.read_webhook_secret(text) is
    'The key that a text stands for; raises MA001 when it is no secret.';
