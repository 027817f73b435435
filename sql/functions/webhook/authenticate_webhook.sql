create or replace function automation_private.authenticate_webhook(
    p_webhook_id uuid,
    p_headers jsonb,
    p_body text
)
returns automation_private.webhooks
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id text := automation_private.read_header(p_headers, 'webhook-id');
    v_sent text := automation_private.read_header(p_headers, 'webhook-timestamp');
    v_signatures text := automation_private.read_header(p_headers, 'webhook-signature');
    v_now timestamptz := automation_private.clock();
    v_nonce bytea := uuid_send(gen_random_uuid());
    v_webhook automation_private.webhooks;
    v_secrets bytea[];
    v_expected text[];
    v_is_signed boolean;
begin
    -- a full stop in the id would let the same signature stand for another id, time and body
    if v_id ~ '^[^.]{1,200}$' and v_sent ~ '^[0-9]{1,11}$' and length(v_signatures) <= 2000 then
        if abs(extract(epoch from v_now) - v_sent::bigint) > 300 then
            return null;
        end if;
    else
        return null;
    end if;

    select w.* into v_webhook
    from automation_private.webhooks as w
    where w.webhook_id = p_webhook_id;
    v_secrets := array(
        select s.secret
        from automation_private.webhook_secrets as s
        where s.org_id = v_webhook.org_id and s.webhook_id = v_webhook.webhook_id
            and (s.valid_until is null or s.valid_until > v_now)
    );
    -- a webhook that does not exist costs the same time
    if cardinality(v_secrets) = 0 then
        v_secrets := array[sha256(v_nonce)];
    end if;
    v_expected := array(
        select 'v1,' || encode(automation_private.hmac_sha256(
            s.secret, convert_to(concat_ws('.', v_id, v_sent, coalesce(p_body, '')), 'UTF8')
        ), 'base64')
        from unnest(v_secrets) as s (secret)
    );
    -- hashes with something random are compared, so how long it takes says nothing about how
    -- much of a signature is right
    select bool_or(
        sha256(v_nonce || convert_to(e.signature, 'UTF8'))
        = sha256(v_nonce || convert_to(g.signature, 'UTF8'))
    ) into v_is_signed
    from unnest(v_expected) as e (signature)
    cross join string_to_table(v_signatures, ' ') as g (signature);
    if v_is_signed then
        return v_webhook;
    end if;
    return null;
end;
$$;

comment on function automation_private.authenticate_webhook(uuid, jsonb, text) is
    'The webhook whose sender has signed the message within the last five minutes (Standard '
    'Webhooks); null when nobody has, or there is no such webhook.';
