create or replace function automation_private.instance_result(
    p_instance automation.workflow_instances,
    p_now timestamptz
)
returns automation_private.rendered
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_definition automation.workflow_definitions;
begin
    select d.* into v_definition
    from automation.workflow_definitions as d
    where d.org_id = p_instance.org_id and d.definition_id = p_instance.definition_id;
    if v_definition.output is null then
        return (p_instance.context_data, null)::automation_private.rendered;
    end if;
    return automation_private.render(
        v_definition.output,
        v_definition.output_bindings,
        automation_private.build_context(
            v_definition.output_reads, p_instance.org_id, p_instance.instance_id, null, null,
            p_instance.context_data, p_instance.step_outputs, p_instance.trigger_data,
            p_instance.input_data, p_instance.instance_name, p_instance.timezone,
            p_instance.started_at, p_now
        ),
        p_now,
        p_instance.timezone
    );
end;
$$;

comment on function automation_private.instance_result(
    automation.workflow_instances, timestamptz
) is
    'What a completed instance results in: its definition''s output rendered, by default its '
    'variables.';
