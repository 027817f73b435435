create or replace function automation_private.let_wait(
    p_request automation_private.gated_request,
    p_verdict jsonb,
    p_now timestamptz
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into automation_private.waiting_firings (
        org_id, listener_id, kind, stage, key, events, gathered, priority, causation, since,
        due_at
    )
    select
        (p_request.firing).org_id, (p_request.firing).listener_id, (p_request.firing).kind,
        p_verdict ->> 'stage', coalesce(p_request.key, ''), (p_request.firing).events,
        (p_request.firing).gathered, (p_request.firing).priority, (p_request.request).causation,
        coalesce((p_request.firing).waiting_since, p_now),
        (p_verdict ->> 'due_at')::timestamptz;
end;
$$;

comment on function automation_private.let_wait(
    automation_private.gated_request, jsonb, timestamptz
) is
    'Keeps a firing until its time comes.';
