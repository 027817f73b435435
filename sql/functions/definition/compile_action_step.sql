create or replace function automation_private.compile_action_step(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_config jsonb := coalesce(p_step.source -> 'config', '{}');
    v_action automation_private.actions;
begin
    select a.* into v_action
    from automation_private.actions as a
    where a.action = p_step.source ->> 'action';

    p_step := automation_private.add_link(p_step, 'next', p_step.source, 'next', p_pointer);
    p_step.action := v_action.action;
    p_step.runs := v_action.runs;
    p_step.retry := coalesce(p_step.retry, v_action.retry);
    if v_action.action = 'recheck_rule' then
        -- it asks and does nothing: history does not count it among the actions
        p_step.step_type := 'condition';
    end if;
    if not p_step.source ? 'save_as' then
        p_step.saves := 'merge';
    end if;
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_step_keys(
            p_step.source, array['action', 'config', 'compensate', 'cache'], p_pointer
        ),
        automation_private.check_unsupported(
            p_step.source, array['compensate', 'cache'], p_pointer
        ),
        automation_private.check_one_of(p_step.source, array['action'], p_pointer),
        automation_private.check_key_type(p_step.source, 'config', array['object'], p_pointer),
        case
            when v_action.action is null then automation_private.check_key_choice(
                p_step.source, 'action', array(
                    select a.action from automation_private.actions as a
                    where not a.internal
                    order by a.action
                ),
                'unknown_action', p_pointer
            )
            when jsonb_typeof(v_config) = 'object' then automation_private.check_json_schema(
                v_action.config_schema, v_config, p_pointer || '/config', true
            )
        end
    );
    if jsonb_typeof(v_config) = 'object' then
        p_step.params := p_step.params || jsonb_build_object('config', v_config);
    end if;
    return p_step;
end;
$$;

comment on function automation_private.compile_action_step(
    automation_private.compiled_step, text
) is
    'An action step: the action exists and its config fits the action''s schema.';
