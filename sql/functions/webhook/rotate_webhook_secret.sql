create or replace function automation.rotate_webhook_secret(
    p_webhook_id uuid,
    p_keep interval default '24 hours',
    p_secret text default null
)
returns text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('admin');
    v_now timestamptz := automation_private.clock();
    v_webhook automation_private.webhooks;
    v_secret bytea;
    v_last int;
begin
    if p_keep is null or p_keep < '0' or p_keep > '90 days' then
        raise exception using
            errcode = 'MA001',
            message = 'earlier secrets can be kept for at most 90 days; zero ends them at once';
    end if;
    v_secret := case
        when p_secret is null then automation_private.make_webhook_secret()
        else automation_private.read_webhook_secret(p_secret)
    end;
    v_webhook := automation_private.find_webhook(v_org, p_webhook_id);
    v_last := (
        select max(s.secret_number)
        from automation_private.webhook_secrets as s
        where s.org_id = v_org and s.webhook_id = p_webhook_id
    );
    update automation_private.webhook_secrets as s
    set valid_until = least(s.valid_until, v_now + p_keep)
    where s.org_id = v_org and s.webhook_id = p_webhook_id;
    delete from automation_private.webhook_secrets as s
    where s.org_id = v_org and s.webhook_id = p_webhook_id and s.valid_until <= v_now;
    -- each secret that counts is one more signature to compute for every message
    if (
        select count(*)
        from automation_private.webhook_secrets as s
        where s.org_id = v_org and s.webhook_id = p_webhook_id
    ) >= 5 then
        raise exception using
            errcode = 'MA101',
            message = 'five secrets of this webhook count at present',
            hint = 'with a p_keep of zero only the new one does';
    end if;
    insert into automation_private.webhook_secrets (
        org_id, webhook_id, secret_number, secret, created_at
    )
    values (v_org, p_webhook_id, v_last + 1, v_secret, v_now);
    update automation_private.webhooks as w
    set updated_at = greatest(v_now, v_webhook.updated_at + interval '1 microsecond')
    where w.org_id = v_org and w.webhook_id = p_webhook_id;
    perform automation_private.record_audit(
        v_org, 'rotate_webhook_secret', 'webhook', p_webhook_id,
        jsonb_build_object('name', v_webhook.name, 'earlier_until', v_now + p_keep)
    );
    return automation_private.format_webhook_secret(v_secret);
end;
$$;

comment on function automation.rotate_webhook_secret(uuid, interval, text) is
    'Gives a webhook a new secret and returns it. Earlier secrets count for p_keep yet, so that '
    'the sender can change over; zero ends them at once. Needs admin.';
