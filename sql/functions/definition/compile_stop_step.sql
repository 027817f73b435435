create or replace function automation_private.compile_stop_step(
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
begin
    p_step.runs := 'stop';
    p_step.params := p_step.params || jsonb_strip_nulls(jsonb_build_object(
        'status', coalesce(v_source ->> 'status', 'completed'),
        'scope', v_source -> 'scope',
        'reason', v_source -> 'reason',
        'code', v_source -> 'code'
    ));
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_step_keys(
            v_source, array['status', 'reason', 'code', 'scope'], p_pointer
        ),
        automation_private.check_key_choice(
            v_source, 'status', array['completed', 'failed', 'cancelled'], 'unknown_mode',
            p_pointer
        ),
        automation_private.check_key_type(v_source, 'reason', array['string'], p_pointer),
        case
            when v_source ? 'code'
                then automation_private.check_key_name(v_source, 'code', p_pointer)
        end,
        automation_private.check_key_choice(
            v_source, 'scope', array['instance', 'loop', 'iteration', 'branch'], 'unknown_mode',
            p_pointer
        ),
        case
            when v_source -> 'on_error' is distinct from '"continue"'
                then automation_private.check_unused(
                    v_source, array['next'], 'its token ends', p_pointer
                )
        end
    );
    if v_source ->> 'scope' in ('loop', 'iteration') then
        p_step := automation_private.add_reads(
            p_step, '{loop}', p_pointer || '/scope', 'reads_place'
        );
    end if;
    return p_step;
end;
$$;

comment on function automation_private.compile_stop_step(automation_private.compiled_step, text) is
    'A stop step, which ends the instance, or the loop, turn or branch that it stands in.';
