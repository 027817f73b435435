create or replace function automation.create_webhook(
    p_name text,
    p_secret text default null
)
returns table (webhook_id uuid, secret text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('admin');
    v_now timestamptz := automation_private.clock();
    v_secret bytea;
begin
    if p_name is null or p_name !~ '^[a-z][a-z0-9_]{0,62}$' then
        raise exception using
            errcode = 'MA001',
            message = 'a webhook is named with a-z, 0-9 and _, for example shop',
            detail = format('got %s', coalesce(to_json(left(p_name, 100))::text, 'no name'));
    end if;
    v_secret := case
        when p_secret is null then automation_private.make_webhook_secret()
        else automation_private.read_webhook_secret(p_secret)
    end;
    webhook_id := gen_random_uuid();
    secret := automation_private.format_webhook_secret(v_secret);
    insert into automation_private.webhooks as w (
        org_id, webhook_id, name, created_by, created_at, updated_at
    )
    values (
        v_org, create_webhook.webhook_id, p_name, automation.current_user_id(), v_now, v_now
    )
    on conflict (org_id, name) do nothing;
    if not found then
        perform automation_private.raise_name_taken('webhook', p_name);
    end if;
    insert into automation_private.webhook_secrets as s (
        org_id, webhook_id, secret_number, secret, created_at
    )
    values (v_org, create_webhook.webhook_id, 1, v_secret, v_now);
    perform automation_private.record_audit(
        v_org, 'create_webhook', 'webhook', create_webhook.webhook_id,
        jsonb_build_object('name', p_name)
    );
    return next;
end;
$$;

comment on function automation.create_webhook(text, text) is
    'Lets somebody outside report what happens there: messages that receive_webhook accepts under '
    'the id become events webhook.<name>. Returns the id and the secret that the sender signs '
    'with, which is shown here only. Needs admin.';
