create or replace function automation_private.compile_wait_step(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_source jsonb := p_step.source;
    v_has_events constant boolean := v_source ? 'events';
begin
    p_step.runs := 'wait';
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_step_keys(
            v_source, array['events', 'since', 'condition', 'poll', 'timeout_next'], p_pointer
        ),
        automation_private.check_one_of(v_source, array['events', 'condition'], p_pointer),
        automation_private.check_unused(
            v_source, case when v_has_events then array['poll'] else array['since'] end,
            'it belongs to the other form of a wait', p_pointer
        ),
        automation_private.check_key_choice(
            v_source, 'since', array['wait', 'run'], 'unknown_mode', p_pointer
        ),
        automation_private.check_key_duration(v_source, 'poll', '1 second', false, p_pointer),
        case
            when automation_private.parse_duration(p_step.params ->> 'timeout')
                > interval '365 days'
                then automation_private.build_error(
                    p_pointer || '/timeout', 'out_of_range', 'a wait lasts at most 365 days'
                )
        end,
        case
            when not v_source ? 'timeout' then automation_private.check_unused(
                v_source, array['timeout_next'], 'the step has no "timeout"', p_pointer
            )
        end
    );
    p_step := automation_private.add_link(p_step, 'next', v_source, 'next', p_pointer);
    if v_source ? 'timeout_next' then
        p_step := automation_private.add_link(
            p_step, 'timeout', v_source, 'timeout_next', p_pointer
        );
    end if;
    return case
        when v_has_events
            then automation_private.compile_wait_events(p_step, p_pointer)
        else automation_private.compile_wait_condition(p_step, p_pointer)
    end;
end;
$$;

comment on function automation_private.compile_wait_step(
    automation_private.compiled_step, text
) is
    'A wait step: for one of several events, or until a condition holds.';
