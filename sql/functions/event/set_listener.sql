create or replace function automation_private.set_listener(
    p_org_id uuid,
    p_listener_id uuid,
    p_kind text,
    p_version int,
    p_definition_id uuid,
    p_trigger jsonb,
    p_condition automation_private.compiled_condition,
    p_priority int,
    p_gate jsonb
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    -- an edit must not lose what was listened to and is not dispatched yet
    v_since jsonb := (
        select jsonb_object_agg(l.event, l.since)
        from automation_private.listeners as l
        where l.org_id = p_org_id and l.listener_id = p_listener_id and l.kind = p_kind
    );
    v_threshold automation_private.compiled_threshold;
begin
    if p_trigger ?| automation_private.list_threshold_keys() then
        v_threshold := automation_private.read_threshold(p_trigger, '');
    end if;
    delete from automation_private.listeners as l
    where l.org_id = p_org_id and l.listener_id = p_listener_id and l.kind = p_kind;
    insert into automation_private.listeners (
        org_id, event, listener_id, kind, version, definition_id, fire_on, condition, derived,
        reads, priority, on_loop, on_condition_error, entities, gate, sample, denominator,
        threshold, since, compiler_version
    )
    select
        p_org_id, n.event, p_listener_id, p_kind, p_version, p_definition_id,
        -- without a condition there is nothing that could turn true
        case
            when p_condition.path is null or v_threshold.config is not null then 'every'
            else coalesce(p_trigger ->> 'fire_on', 'transition')
        end,
        p_condition.path, p_condition.derived, coalesce(p_condition.reads, '{}'), p_priority,
        coalesce(p_trigger ->> 'on_loop', 'avoid_loop'),
        coalesce(p_trigger ->> 'on_condition_error', 'skip'),
        case when n.is_triggered then automation_private.read_entities(p_trigger) end,
        p_gate,
        case when n.is_triggered then v_threshold.path end,
        case when n.is_triggered then v_threshold.denominator end,
        case when n.is_triggered then v_threshold.config end,
        coalesce((v_since ->> n.event)::timestamptz, v_now),
        automation_private.compiler_version()
    from (
        select h.event, true as is_triggered
        from unnest(
            automation_private.heard_names(automation_private.trigger_event(p_trigger))
        ) as h (event)
        union all
        select automation_private.manual_event(p_listener_id), false
        where p_kind = 'rule'
    ) as n;
end;
$$;

comment on function automation_private.set_listener(
    uuid, uuid, text, int, uuid, jsonb, automation_private.compiled_condition, int, jsonb
) is
    'Lets a rule or template listen to its event; a plain name also hears what was created and '
    'updated under it. A rule hears, too, when somebody runs it by hand.';
