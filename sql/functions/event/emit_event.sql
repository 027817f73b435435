create or replace function automation.emit_event(
    p_event text,
    p_new jsonb default '{}',
    p_old jsonb default null,
    p_entity text default null,
    p_dedupe_key text default null,
    p_occurred_at timestamptz default null,
    p_caused_by uuid default null
)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_emitted record;
begin
    select e.event_id, e.outcome, e.error into v_emitted
    from automation.emit_events(jsonb_build_array(jsonb_build_object(
        'event', p_event, 'new', p_new, 'old', p_old, 'entity', p_entity,
        'dedupe_key', p_dedupe_key, 'occurred_at', p_occurred_at, 'caused_by', p_caused_by
    ))) as e;
    if v_emitted.outcome = 'refused' then
        raise exception using
            errcode = case v_emitted.error ->> 'code'
                when 'too_large' then 'MA003' else 'MA001'
            end,
            message = v_emitted.error ->> 'message',
            detail = v_emitted.error ->> 'code',
            hint = 'emit_event(''order.paid'', ''{"total": 12}'', p_entity => ''order 7'')';
    end if;
    return v_emitted.event_id;
end;
$$;

comment on function automation.emit_event(
    text, jsonb, jsonb, text, text, timestamptz, uuid
) is
    'Records that something happened, for rules and templates that listen to p_event, and returns '
    'its id. p_new is what conditions read, p_old the same before the change, p_entity what it '
    'happened to. The same p_dedupe_key of an event returns the same id and counts once. '
    'p_caused_by names the instance whose action led to it, if any. Needs run, except '
    'in an action.';
