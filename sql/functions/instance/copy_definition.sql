create or replace function automation_private.copy_definition(
    p_org_id uuid,
    p_definition_id uuid
)
returns uuid
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_copy_id uuid := automation_private.uuid_v7();
begin
    insert into automation.workflow_definitions (
        org_id, definition_id, content_hash, compiler_version, source, input_schema, settings,
        output, output_bindings, output_reads, steps_total, features
    )
    select
        d.org_id, v_copy_id, v_copy_id::text, d.compiler_version, d.source, d.input_schema,
        d.settings || jsonb_build_object(
            'max_activations', least((d.settings ->> 'max_activations')::int, 1000)
        ),
        d.output, d.output_bindings, d.output_reads, d.steps_total,
        d.features
    from automation.workflow_definitions as d
    where d.org_id = p_org_id and d.definition_id = p_definition_id;

    insert into automation.workflow_definition_steps
    select (jsonb_populate_record(
        s,
        jsonb_build_object(
            'definition_id', v_copy_id,
            'runs', case when s.runs = 'native' then 'external' else s.runs end,
            'options', (s.options - 'cache') || case s.runs
                when 'workflow' then '{"is_mocked": true}'
                when 'approval' then '{"is_rehearsed": true}'
                else '{}'
            end::jsonb
        )
    )).*
    from automation.workflow_definition_steps as s
    where s.org_id = p_org_id and s.definition_id = p_definition_id;
    return v_copy_id;
end;
$$;

comment on function automation_private.copy_definition(uuid, uuid) is
    'A copy of a definition in which every action and sub-workflow is one that only mocks answer.';
