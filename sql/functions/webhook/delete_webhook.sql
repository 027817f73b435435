create or replace function automation.delete_webhook(p_webhook_id uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('admin');
    v_webhook constant automation_private.webhooks := automation_private.find_webhook(
        v_org, p_webhook_id
    );
begin
    delete from automation_private.webhook_secrets as s
    where s.org_id = v_org and s.webhook_id = p_webhook_id;
    delete from automation_private.webhooks as w
    where w.org_id = v_org and w.webhook_id = p_webhook_id;
    perform automation_private.record_audit(
        v_org, 'delete_webhook', 'webhook', p_webhook_id,
        jsonb_build_object('name', v_webhook.name)
    );
end;
$$;

comment on function automation.delete_webhook(uuid) is
    'Takes a webhook away: nothing is received under its id any more. What was received stays. '
    'Needs admin.';
