create or replace function automation.explain_rule(p_rule_id uuid, p_event_id bigint)
returns table (
    moment text,
    pointer text,
    field text,
    operator text,
    left_value jsonb,
    right_value jsonb,
    result boolean,
    reason text,
    condition text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('view');
    v_rule constant automation.automation_rules := automation_private.find_rule(
        v_org, p_rule_id, false
    );
    v_event automation.automation_events;
begin
    select e.* into v_event
    from automation.automation_events as e
    where e.org_id = v_org and e.event_id = p_event_id;
    if v_event.event_id is null then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such event',
            detail = format('event %s', p_event_id),
            hint = 'only what something listened to at the time was recorded';
    end if;
    return query select j.* from automation_private.judge_rule(v_rule, v_event) as j;
end;
$$;

comment on function automation.explain_rule(uuid, bigint) is
    'Why a rule, as it is now, fires on a recorded event or not. The first row (moment "verdict") '
    'says what comes of it: fires, no_match, already_met (nothing turned true), condition_error, '
    'old_unknown, loop_blocked, caused_by_automation or other_event. Then comes the condition and '
    'every comparison in it with the values seen, "now" and, for updates, "before". Needs view.';
