create or replace function automation_private.create_instances(
    p_definition automation.workflow_definitions,
    p_template_id uuid,
    p_trigger_type text,
    p_requests automation_private.start_request[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_timezone text := coalesce(
        p_definition.settings ->> 'timezone',
        automation_private.org_timezone_of(p_definition.org_id)
    );
    v_timeout interval := automation_private.parse_duration(p_definition.settings ->> 'timeout');
begin
    if cardinality(p_requests) = 0 then
        return;
    end if;
    insert into automation.workflow_instances (
        org_id, instance_id, root_id, definition_id, template_id, instance_name, timezone,
        steps_total, max_activations, context_data, trigger_type, trigger_data, input_data,
        triggered_by,
        triggered_at, started_at, created_at, updated_at
    )
    select
        p_definition.org_id, r.instance_id, r.instance_id, p_definition.definition_id,
        p_template_id, r.instance_name, v_timezone, p_definition.steps_total,
        coalesce((p_definition.settings ->> 'max_activations')::int, 10000),
        coalesce(r.trigger -> 'new', '{}') || r.input, p_trigger_type, r.trigger, r.input,
        automation.current_user_id(), v_now, v_now, v_now, v_now
    from unnest(p_requests) as r;

    if v_timeout is not null then
        insert into automation_private.timers (org_id, instance_id, step_id, kind, root_id, due_at)
        select
            p_definition.org_id, r.instance_id, r.instance_id, 'deadline', r.instance_id,
            automation_private.add_duration(v_now, v_timeout, v_timezone)
        from unnest(p_requests) as r;
    end if;
    if p_template_id is not null then
        insert into automation_private.usage_changes (org_id, template_id, started, ended, used_at)
        values (p_definition.org_id, p_template_id, cardinality(p_requests), 0, v_now);
    end if;
    perform automation_private.advance_new(array(
        select (
            p_definition.org_id, r.instance_id, r.instance_id, 1, r.instance_id, null
        )::automation_private.token
        from unnest(p_requests) as r
    ));
end;
$$;

comment on function automation_private.create_instances(
    automation.workflow_definitions, uuid, text, automation_private.start_request[]
) is
    'Creates instances of a definition and walks their first steps.';
