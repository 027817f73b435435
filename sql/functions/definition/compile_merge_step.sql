create or replace function automation_private.compile_merge_step(
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
    p_step.runs := 'merge';
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_step_keys(
            v_source, array['wait_for', 'cancel_rest', 'split', 'from', 'blocking'], p_pointer
        ),
        automation_private.check_unsupported(
            v_source, array['cancel_rest', 'from', 'blocking'], p_pointer
        ),
        case
            when jsonb_typeof(v_source -> 'wait_for') = 'number'
                or v_source ->> 'wait_for' in ('any', 'each')
                then automation_private.build_error(
                    p_pointer || '/wait_for', 'unsupported_mode',
                    format('merges that wait for %s are not supported', v_source -> 'wait_for'),
                    'use "all"'
                )
            else automation_private.check_key_choice(
                v_source, 'wait_for', array['all', 'any', 'each'], 'unknown_mode', p_pointer
            )
        end
    );
    if v_source ? 'split' then
        p_step := automation_private.add_link(p_step, 'split', v_source, 'split', p_pointer);
    end if;
    return automation_private.add_link(p_step, 'next', v_source, 'next', p_pointer);
end;
$$;

comment on function automation_private.compile_merge_step(automation_private.compiled_step, text) is
    'A merge step, which waits for all live branches of its split.';
