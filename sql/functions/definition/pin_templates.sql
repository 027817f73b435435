create or replace function automation_private.pin_templates(
    p_org_id uuid,
    p_definition jsonb,
    p_template_id uuid
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(p_definition -> 'steps') is distinct from 'array'
        or not jsonb_path_exists(p_definition, '$.steps[*].type ? (@ == "workflow")')
    then
        return p_definition;
    end if;
    return jsonb_set(p_definition, '{steps}', (
        select jsonb_agg(
            case
                when s.value ->> 'type' is distinct from 'workflow' or not s.value ? 'template'
                    then s.value
                when jsonb_typeof(s.value -> 'template') = 'string'
                    then s.value || automation_private.pin_template(
                        p_org_id, s.value ->> 'template', s.value -> 'version', p_template_id
                    )
                when s.value -> 'template' = '{"self": true}' then s.value
                else s.value || '{"template": null}'
            end
            order by s.ordinality
        )
        from jsonb_array_elements(p_definition -> 'steps') with ordinality as s
    ));
end;
$$;

comment on function automation_private.pin_templates(uuid, jsonb, uuid) is
    'A definition with the template and version that each sub-workflow is now in the place of the '
    'names that were written.';
