create or replace function automation.list_webhooks()
returns table (
    webhook_id uuid,
    name text,
    event text,
    created_by uuid,
    created_at timestamptz,
    updated_at timestamptz,
    earlier_secrets_until timestamptz,
    last_received_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('view');
begin
    return query
    select
        w.webhook_id, w.name, 'webhook.' || w.name, w.created_by, w.created_at, w.updated_at,
        (
            select max(s.valid_until)
            from automation_private.webhook_secrets as s
            where s.org_id = w.org_id and s.webhook_id = w.webhook_id
                and s.valid_until > automation_private.clock()
        ),
        w.last_received_at
    from automation_private.webhooks as w
    where w.org_id = v_org
    order by w.name;
end;
$$;

comment on function automation.list_webhooks() is
    'The organisation''s webhooks, without their secrets: the event that each brings, until when '
    'secrets before the current one count, and when something was received last (to the minute). '
    'Needs view.';
