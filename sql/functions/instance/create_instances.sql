create or replace function automation_private.create_instances(
    p_requests automation_private.start_request[],
    p_trigger_type text,
    p_walks boolean default true
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_tokens constant automation_private.token[] := array(
        select (
            r.org_id, r.instance_id, r.instance_id, 1, r.instance_id, null, null, null
        )::automation_private.token
        from unnest(p_requests) as r
    );
begin
    if cardinality(p_requests) = 0 then
        return;
    end if;
    insert into automation.workflow_instances (
        org_id, instance_id, root_id, definition_id, template_id, rule_id, rule_version,
        instance_name, timezone, steps_total, max_activations, context_data, trigger_type,
        trigger_data, input_data, event_id, causation, admission, triggered_by,
        triggered_at, started_at, created_at, updated_at
    )
    select
        r.org_id, r.instance_id, r.instance_id, r.definition_id, r.template_id, r.rule_id,
        r.rule_version, r.instance_name,
        coalesce(d.settings ->> 'timezone', automation_private.org_timezone_of(r.org_id)),
        d.steps_total, coalesce((d.settings ->> 'max_activations')::int, 10000),
        coalesce(nullif(r.trigger -> 'new', 'null'), '{}') || r.input,
        coalesce(p_trigger_type, r.trigger ->> 'type'), r.trigger,
        r.input, r.event_id, r.causation, r.admission, automation.current_user_id(),
        v_now, v_now, v_now, v_now
    from unnest(p_requests) as r
    inner join automation.workflow_definitions as d
        on r.org_id = d.org_id and r.definition_id = d.definition_id;

    insert into automation_private.timers (org_id, instance_id, step_id, kind, root_id, due_at)
    select
        r.org_id, r.instance_id, r.instance_id, 'deadline', r.instance_id,
        automation_private.add_duration(
            v_now, automation_private.parse_duration(d.settings ->> 'timeout'), i.timezone
        )
    from unnest(p_requests) as r
    inner join automation.workflow_definitions as d
        on r.org_id = d.org_id and r.definition_id = d.definition_id
    inner join automation.workflow_instances as i
        on r.org_id = i.org_id and r.instance_id = i.instance_id
    where d.settings ? 'timeout';

    insert into automation_private.usage_changes (org_id, template_id, started, ended, used_at)
    select r.org_id, r.template_id, count(*), 0, v_now
    from unnest(p_requests) as r
    where r.template_id is not null
    group by r.org_id, r.template_id;

    if p_walks then
        perform automation_private.advance_new(v_tokens);
    else
        perform automation_private.postpone_tokens(v_tokens);
    end if;
end;
$$;

comment on function automation_private.create_instances(
    automation_private.start_request[], text, boolean
) is
    'Creates instances of definitions, of any organisations, and walks their first steps, or '
    'leaves these to the next tick.';
