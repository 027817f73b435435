create or replace function automation_private.note_webhook_received(
    p_webhook automation_private.webhooks
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
begin
    if p_webhook.last_received_at > v_now - interval '1 minute' then
        return;
    end if;
    -- once a minute is enough, and whoever else is at it does it for all
    with due as materialized (
        select w.org_id, w.webhook_id
        from automation_private.webhooks as w
        where w.org_id = p_webhook.org_id and w.webhook_id = p_webhook.webhook_id
            and coalesce(w.last_received_at, '-infinity') <= v_now - interval '1 minute'
        for no key update skip locked
    )

    update automation_private.webhooks as w
    set last_received_at = v_now
    from due as d
    where w.org_id = d.org_id and w.webhook_id = d.webhook_id;
end;
$$;

comment on function automation_private.note_webhook_received(automation_private.webhooks) is
    'Notes, to the minute and without ever waiting, that a webhook was used.';
