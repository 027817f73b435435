create or replace function automation_private.compile_common_keys(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_source jsonb := p_step.source;
    v_retry_errors jsonb := automation_private.check_retry(
        v_source -> 'retry', p_pointer || '/retry'
    );
begin
    p_step.step_key := case
        when jsonb_typeof(v_source -> 'id') = 'string' then v_source ->> 'id'
    end;
    p_step.step_name := case
        when jsonb_typeof(v_source -> 'name') = 'string' then v_source ->> 'name'
    end;
    p_step.step_type := v_source ->> 'type';
    p_step.errors := automation_private.collect_errors(
        automation_private.check_key_name(v_source, 'id', p_pointer),
        automation_private.check_key_type(v_source, 'name', array['string'], p_pointer),
        automation_private.check_key_duration(v_source, 'timeout', '1 ms', true, p_pointer),
        v_retry_errors,
        automation_private.check_key_name(v_source, 'mutex', p_pointer),
        automation_private.check_carried_out(v_source, p_pointer),
        case
            when jsonb_typeof(v_source -> 'save_as') <> 'null'
                then automation_private.check_key_name(v_source, 'save_as', p_pointer)
        end
    );

    p_step.mutex := case
        when jsonb_typeof(v_source -> 'mutex') = 'string' then v_source ->> 'mutex'
    end;
    if v_source ? 'timeout' then
        p_step.timeout_is_set := true;
        p_step.params := jsonb_build_object(
            'timeout', coalesce(
                to_jsonb(automation_private.canonical_duration(v_source ->> 'timeout')),
                v_source -> 'timeout'
            )
        );
    end if;
    if v_source ? 'retry' and v_retry_errors is null then
        p_step.retry := automation_private.complete_retry(v_source -> 'retry');
    end if;
    if jsonb_typeof(v_source -> 'save_as') = 'string' then
        p_step.saves := 'key';
        p_step.save_as := v_source ->> 'save_as';
    end if;

    case
        when v_source -> 'on_error' = '"continue"' then
            p_step := automation_private.add_link(p_step, 'error', v_source, 'next', p_pointer);
        when v_source -> 'on_error' = jsonb_build_object('next', v_source #> '{on_error,next}') then
            p_step := automation_private.add_link(
                p_step, 'error', v_source -> 'on_error', 'next', p_pointer || '/on_error'
            );
        when v_source -> 'on_error' <> '"fail"' then
            p_step.errors := automation_private.collect_errors(
                p_step.errors,
                automation_private.build_error(
                    p_pointer || '/on_error', 'unknown_mode',
                    '"on_error" must say what follows a failure',
                    '"fail", "continue" or {"next": "id of a step"}'
                )
            );
        else null;
    end case;
    return p_step;
end;
$$;

comment on function automation_private.compile_common_keys(
    automation_private.compiled_step, text
) is
    'The step with the keys compiled that every step may have.';
