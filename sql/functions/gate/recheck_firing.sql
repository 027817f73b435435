create or replace function automation_private.recheck_firing(
    p_listener automation_private.listeners,
    p_event automation.automation_events
)
returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_trigger jsonb;
    v_subject record;
begin
    if p_event.recorded_at < p_listener.since then
        return 'before_activation';
    elsif p_listener.condition is null or p_listener.gate ? 'skips_recheck'
        or p_listener.gate ? 'batch'
    then
        return null;
    end if;
    v_trigger := automation_private.event_document(p_event) -> 'trigger';
    select s.current into v_subject
    from automation_private.read_subject(p_event.org_id, v_trigger) as s;
    return case
        when v_subject.current is null or not coalesce(automation_private.meets(
            p_listener.condition, p_listener.derived,
            automation_private.run_document(p_event.org_id, v_trigger, v_subject.current),
            automation_private.clock(), p_event.org_id
        ), false) then 'exited_condition'
    end;
end;
$$;

comment on function automation_private.recheck_firing(
    automation_private.listeners, automation.automation_events
) is
    'Why a firing that has waited is over: its condition holds no more, or it happened before the '
    'rule was activated; null when it is not.';
