create or replace function automation_private.compile_compensation(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_source constant jsonb := p_step.source -> 'compensate';
    v_action automation_private.actions;
    v_params automation_private.compiled_template;
begin
    if jsonb_typeof(v_source) <> 'object' then
        p_step.errors := automation_private.collect_errors(
            p_step.errors,
            automation_private.build_error(
                p_pointer, 'wrong_type', '"compensate" must be an object',
                'an action that undoes this one: {"action": "…", "config": {…}}'
            )
        );
        return p_step;
    end if;
    v_action := automation_private.find_action(v_source);
    v_params := automation_private.compile_template(
        jsonb_build_object('config', coalesce(v_source -> 'config', '{}')), p_step.roots, p_pointer
    );
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_known_keys(v_source, array['action', 'config'], p_pointer),
        automation_private.check_action(v_source, v_action, p_pointer),
        v_params.errors,
        case
            when 'secrets' = any (v_params.reads) then automation_private.check_secrets(
                v_params.value, v_action.config_schema, p_pointer
            )
        end
    );
    p_step.compensation := jsonb_build_object(
        'action', v_action.action,
        'runs', v_action.runs,
        'retry', v_action.retry,
        'params', v_params.value,
        'bindings', v_params.bindings,
        'reads', to_jsonb(nullif(array_remove(v_params.reads, 'secrets'), '{}')),
        'source', v_source
    );
    return automation_private.add_reads(
        p_step, array_remove(v_params.reads, 'secrets'), p_pointer, 'reads_undo'
    );
end;
$$;

comment on function automation_private.compile_compensation(
    automation_private.compiled_step, text
) is
    'The step with the action compiled that undoes it.';
