create or replace function automation.emit_events(p_events jsonb)
returns table (item int, event_id bigint, outcome text, error jsonb)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org uuid := automation_private.require_emitter();
begin
    if jsonb_typeof(p_events) is distinct from 'array' or jsonb_array_length(p_events) > 10000 then
        raise exception using
            errcode = 'MA001',
            message = 'the events are an array of at most 10,000 objects',
            hint = 'each {"event": "…", "new": {…}, "old": {…}, "entity": "…", "dedupe_key": "…"}';
    end if;
    return query
    select e.item, e.event_id, e.outcome, e.error
    from automation_private.record_events(v_org, p_events) as e
    order by e.item;
end;
$$;

comment on function automation.emit_events(jsonb) is
    'Records many events at once, one per item {"event", "new", "old", "entity", "dedupe_key", '
    '"occurred_at", "caused_by"}, in their order. Each item has its own outcome: recorded, '
    'duplicate (the key has been seen) or refused with the reason. Needs run, except in an action.';
