create or replace function automation.receive_webhook(
    p_webhook_id uuid,
    p_headers jsonb,
    p_body text
)
returns table (event_id bigint, outcome text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_webhook automation_private.webhooks;
    v_recorded record;
begin
    if octet_length(p_body) > 65536 then
        raise exception using errcode = 'MA003', message = 'the body is larger than 64 KiB';
    end if;
    v_webhook := automation_private.authenticate_webhook(p_webhook_id, p_headers, p_body);
    -- whatever is wrong, the answer is the same: it tells a stranger nothing
    if v_webhook.webhook_id is null then
        raise exception using
            errcode = 'MA304',
            message = 'the message is not signed as a message to this webhook',
            hint = 'headers webhook-id, webhook-timestamp (within 5 minutes) and '
                'webhook-signature, and the body exactly as it was sent';
    end if;

    select r.event_id, r.outcome, r.error into v_recorded
    from automation_private.record_events(
        v_webhook.org_id,
        jsonb_build_array(jsonb_build_object(
            'event', 'webhook.' || v_webhook.name,
            'new', automation_private.read_webhook_body(p_body),
            'dedupe_key', automation_private.read_header(p_headers, 'webhook-id'),
            'occurred_at', automation_private.format_instant(
                to_timestamp(
                    automation_private.read_header(p_headers, 'webhook-timestamp')::bigint
                ), 'UTC'
            )
        )),
        'webhook'
    ) as r;
    if v_recorded.outcome = 'refused' then
        raise exception using
            errcode = case v_recorded.error ->> 'code'
                when 'too_large' then 'MA003' else 'MA001'
            end,
            message = v_recorded.error ->> 'message',
            detail = v_recorded.error ->> 'code';
    end if;
    perform automation_private.note_webhook_received(v_webhook);
    return query select v_recorded.event_id, v_recorded.outcome;
end;
$$;

comment on function automation.receive_webhook(uuid, jsonb, text) is
    'Records a message that somebody outside sent to a webhook (Standard Webhooks) as the event '
    'webhook.<name>: p_headers of the request, p_body exactly as it came. The signature '
    'authorises, whoever calls and whatever organisation is selected. A webhook-id counts once: '
    'outcome is recorded or duplicate. Raises MA304 when the message is not authentic.';
