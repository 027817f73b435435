create or replace function automation_private.read_trigger(p_trigger jsonb, p_pointer text)
returns automation_private.compiled_trigger
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_types constant jsonb := automation_private.trigger_types();
    v_pointer text := p_pointer;
    v_form jsonb := p_trigger;
    v_result automation_private.compiled_trigger;
begin
    v_result.errors := automation_private.check_key_type(
        p_trigger, 'config', array['object'], p_pointer
    );
    if jsonb_typeof(p_trigger -> 'config') = 'object' then
        v_form := (v_form - 'config') || (p_trigger -> 'config');
        v_pointer := p_pointer || '/config';
    end if;
    if not v_form ? 'type' and v_form ? 'event' then
        v_form := v_form || '{"type": "event"}';
    end if;
    v_result.type := v_types ->> (v_form ->> 'type');
    v_result.errors := automation_private.collect_errors(
        v_result.errors,
        case
            when not v_form ? 'type' then automation_private.build_error(
                p_pointer, 'missing_key', 'a trigger needs a "type"',
                'one of: manual, event, schedule, api, condition'
            )
            when v_result.type is null then automation_private.check_key_choice(
                v_form, 'type', array(select k from jsonb_object_keys(v_types) as k),
                'unknown_trigger', p_pointer
            )
        end,
        case
            when v_result.type = 'event'
                then automation_private.check_event_trigger(v_form, v_pointer)
            when v_result.type = 'condition'
                then automation_private.check_condition_trigger(v_form, v_pointer)
            when v_result.type in ('manual', 'api')
                then automation_private.check_api_trigger(v_form, v_pointer)
            when v_form ? 'condition' then (
                automation_private.compile_condition(
                    v_form -> 'condition', 'row', '{}', v_pointer || '/condition'
                )
            ).errors
        end
    );
    v_result.config := v_form - 'type';
    return v_result;
end;
$$;

comment on function automation_private.read_trigger(jsonb, text) is
    'A trigger, written flat or with its keys under "config", with everything that is wrong with '
    'it.';
