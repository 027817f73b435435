create or replace function automation_private.insert_instances(
    p_requests automation_private.start_request[],
    p_trigger_type text
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_mark bigint := automation_private.last_event();
begin
    if cardinality(p_requests) = 0 then
        return '{}'::automation_private.token[];
    end if;
    insert into automation.workflow_instances (
        org_id, instance_id, root_id, parent_instance_id, parent_step_id, depth, definition_id,
        template_id, rule_id, rule_version, instance_name, timezone, steps_total, max_activations,
        context_data, trigger_type, trigger_data, input_data, event_id, event_mark, causation,
        admission, triggered_by, triggered_login, triggered_at, started_at, created_at, updated_at
    )
    select
        r.org_id, r.instance_id, coalesce((r.lineage).root_id, r.instance_id),
        (r.lineage).parent_instance_id, (r.lineage).parent_step_id, coalesce((r.lineage).depth, 0),
        r.definition_id, r.template_id, r.rule_id, r.rule_version, r.instance_name,
        coalesce(d.settings ->> 'timezone', automation_private.org_timezone_of(r.org_id)),
        d.steps_total, coalesce((d.settings ->> 'max_activations')::int, 10000),
        coalesce(nullif(r.trigger -> 'new', 'null'), '{}') || r.input,
        coalesce((r.lineage).trigger_type, p_trigger_type, r.trigger ->> 'type'), r.trigger,
        r.input, r.event_id, v_mark, r.causation, r.admission,
        case
            when r.lineage is null then automation.current_user_id()
            else (r.lineage).triggered_by
        end,
        coalesce((r.lineage).triggered_login, session_user), v_now, v_now, v_now, v_now
    from unnest(p_requests) as r
    inner join automation.workflow_definitions as d
        on r.org_id = d.org_id and r.definition_id = d.definition_id;

    insert into automation_private.timers (org_id, instance_id, step_id, kind, root_id, due_at)
    select
        r.org_id, r.instance_id, r.instance_id, 'deadline', i.root_id,
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
    return array(
        select (
            r.org_id, r.instance_id, coalesce((r.lineage).root_id, r.instance_id), 1,
            r.instance_id, null, null, null
        )::automation_private.token
        from unnest(p_requests) as r
    );
end;
$$;

comment on function automation_private.insert_instances(
    automation_private.start_request[], text
) is
    'Creates instances of definitions, of any organisations, and returns the tokens before their '
    'first steps.';
