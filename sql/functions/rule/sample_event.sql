create or replace function automation_private.sample_event(
    p_rule automation.automation_rules,
    p_sample jsonb
)
returns automation.automation_events
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_item jsonb := jsonb_strip_nulls(jsonb_build_object(
        'event', coalesce(
            p_sample ->> 'event', automation_private.trigger_event(p_rule.trigger_config),
            automation_private.manual_event(p_rule.rule_id)
        ),
        'entity', p_sample ->> 'entity'
    )) || jsonb_build_object('new', p_sample -> 'new', 'old', p_sample -> 'old');
    v_error jsonb := automation_private.check_event(v_item);
    v_now timestamptz := automation_private.clock();
begin
    if jsonb_typeof(p_sample) is distinct from 'object' or not p_sample ? 'new'
        or p_sample - '{event,entity,new,old}'::text[] <> '{}' or v_error is not null
    then
        raise exception using
            errcode = 'MA001',
            message = 'a sample is an object with the row as "new" and, for a change, "old"',
            detail = coalesce(v_error ->> 'message', 'keys: new, old, event, entity'),
            hint = '{"new": {"sentiment_score": -0.8}, "old": {"sentiment_score": null}}';
    end if;
    return (
        p_rule.org_id, 0, 0, v_item ->> 'event', v_item ->> 'entity',
        nullif(v_item -> 'new', 'null'), nullif(v_item -> 'old', 'null'), 'sample', null, v_now,
        v_now
    )::automation.automation_events;
end;
$$;

comment on function automation_private.sample_event(automation.automation_rules, jsonb) is
    'A sample that somebody made up, as an event; raises MA001 when it is none.';
