create or replace function automation_private.name_templates(p_org_id uuid, p_definition jsonb)
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
                when t.template_name is null then s.value
                else s.value || jsonb_build_object('template', t.template_name)
            end
            order by s.ordinality
        )
        from jsonb_array_elements(p_definition -> 'steps') with ordinality as s
        left join automation.workflow_templates as t
            on t.org_id = p_org_id
                and s.value ->> 'type' = 'workflow'
                and t.template_id::text = s.value ->> 'template'
    ));
end;
$$;

comment on function automation_private.name_templates(uuid, jsonb) is
    'A definition with the names of templates in the place of their ids.';
