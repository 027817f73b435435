create or replace function automation_private.compile_workflow_step(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_source constant jsonb := p_step.source;
    v_is_self constant boolean := v_source -> 'template' = '{"self": true}';
    v_errors constant jsonb := v_source #> '{template,errors}';
begin
    p_step.runs := 'workflow';
    p_step := automation_private.add_link(p_step, 'next', v_source, 'next', p_pointer);
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_step_keys(
            v_source, array['template', 'version', 'input', 'wait'], p_pointer
        ),
        automation_private.check_one_of(v_source, array['template'], p_pointer),
        case
            when v_errors is not null then (
                select jsonb_agg(
                    e.value || jsonb_build_object('pointer', p_pointer || (e.value ->> 'pointer'))
                )
                from jsonb_array_elements(v_errors) as e
            )
            when not v_is_self then automation_private.check_key_type(
                v_source, 'template', array['string'], p_pointer
            )
        end,
        case
            when v_is_self then automation_private.check_unused(
                v_source, array['version'], 'it is the version that runs', p_pointer
            )
        end,
        automation_private.check_key_number(v_source, 'version', 1, 2147483647, true, p_pointer),
        automation_private.check_key_type(v_source, 'wait', array['boolean'], p_pointer),
        case
            when v_source ->> 'input' !~ '^\s*\{\{.*\}\}\s*$' then
                automation_private.check_key_type(v_source, 'input', array['object'], p_pointer)
        end
    );
    p_step.options := case
        when v_is_self then '{"self": true}'::jsonb
        else jsonb_build_object(
            'template_id', case when v_errors is null then v_source -> 'template' end,
            'version', v_source -> 'version'
        )
    end || jsonb_build_object('wait', coalesce(v_source -> 'wait', 'true'));
    p_step.params := p_step.params || jsonb_build_object(
        'input', coalesce(v_source -> 'input', '{}')
    );
    return p_step;
end;
$$;

comment on function automation_private.compile_workflow_step(
    automation_private.compiled_step, text
) is
    'A step that runs another workflow, pinned to a version of its template.';
