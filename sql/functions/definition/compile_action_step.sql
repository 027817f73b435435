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
    v_source constant jsonb := p_step.source;
    v_action constant automation_private.actions := automation_private.find_action(v_source);
begin
    p_step := automation_private.add_link(p_step, 'next', v_source, 'next', p_pointer);
    p_step.action := v_action.action;
    p_step.runs := v_action.runs;
    p_step.retry := coalesce(p_step.retry, v_action.retry);
    if v_action.action = 'recheck_rule' then
        -- it asks and does nothing: history does not count it among the actions
        p_step.step_type := 'condition';
    end if;
    if not v_source ? 'save_as' then
        p_step.saves := 'merge';
    end if;
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_step_keys(
            v_source, array['action', 'config', 'compensate', 'cache'], p_pointer
        ),
        automation_private.check_action(v_source, v_action, p_pointer),
        automation_private.check_cache(v_source, p_pointer)
    );
    if jsonb_typeof(coalesce(v_source -> 'config', '{}')) = 'object' then
        p_step.params := p_step.params
            || jsonb_build_object('config', coalesce(v_source -> 'config', '{}'));
    end if;
    if jsonb_typeof(v_source -> 'cache') = 'object' then
        p_step.params := p_step.params
            || jsonb_build_object('cache', (v_source -> 'cache') - 'ttl');
        p_step.options := p_step.options || jsonb_build_object('cache', jsonb_build_object(
            'ttl', extract(
                epoch from automation_private.parse_duration(v_source #>> '{cache,ttl}')
            )
        ));
    end if;
    if v_source ? 'compensate' then
        p_step := automation_private.compile_compensation(p_step, p_pointer || '/compensate');
    end if;
    return p_step;
end;
$$;

comment on function automation_private.compile_action_step(
    automation_private.compiled_step, text
) is
    'An action step: the action exists and its config fits the action''s schema; what undoes it, '
    'too.';
