create or replace function automation_private.store_definition(
    p_org_id uuid,
    p_definition jsonb,
    p_template_id uuid default null
)
returns uuid
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_source constant jsonb := automation_private.expand_definition(
        p_org_id, p_definition, p_template_id
    );
    v_compiled constant automation_private.compiled_definition :=
        automation_private.compile_definition(v_source, p_definition);
    v_hash constant text := automation_private.hash_definition(v_source);
    v_id uuid;
begin
    insert into automation.workflow_definitions (
        org_id, definition_id, content_hash, compiler_version, source, input_schema, settings,
        output, output_bindings, output_reads, steps_total,
        features
    )
    values (
        p_org_id, automation_private.uuid_v7(), v_hash, automation_private.compiler_version(),
        v_source, v_compiled.input_schema, v_compiled.settings, v_compiled.output,
        v_compiled.output_bindings, v_compiled.output_reads,
        (select count(*) from unnest(v_compiled.steps) as s where s.step_type <> 'compensation'),
        automation_private.list_features(v_compiled.steps)
    )
    on conflict (org_id, content_hash) do nothing
    returning definition_id into v_id;

    if v_id is null then
        select d.definition_id into strict v_id
        from automation.workflow_definitions as d
        where d.org_id = p_org_id and d.content_hash = v_hash;
        return v_id;
    end if;
    insert into automation.workflow_definition_steps
    select s.* from automation_private.resolve_steps(p_org_id, v_id, v_compiled) as s;
    perform automation_private.register_awaited(p_org_id, v_id);
    return v_id;
end;
$$;

comment on function automation_private.store_definition(uuid, jsonb, uuid) is
    'Compiles and stores a definition, with condition sets and versions of sub-workflows in the '
    'place of references, and returns its id; the same content is stored once per organisation. '
    'Raises MA200 when it is invalid.';
