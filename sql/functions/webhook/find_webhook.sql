create or replace function automation_private.find_webhook(p_org_id uuid, p_webhook_id uuid)
returns automation_private.webhooks
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_webhook automation_private.webhooks;
begin
    select w.* into v_webhook
    from automation_private.webhooks as w
    where w.org_id = p_org_id and w.webhook_id = p_webhook_id
    for update;
    if v_webhook.webhook_id is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such webhook',
            detail = format('webhook %s', p_webhook_id);
    end if;
    return v_webhook;
end;
$$;

comment on function automation_private.find_webhook(uuid, uuid) is
    'The webhook, locked against other changes; raises MA002 when there is none.';
