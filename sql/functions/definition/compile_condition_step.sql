create or replace function automation_private.compile_condition_step(
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
    v_has_cases constant boolean := v_source ? 'cases';
    v_else constant text := case when v_has_cases then 'default' else 'false_next' end;
    v_condition automation_private.compiled_condition;
begin
    p_step.runs := 'condition';
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_step_keys(
            v_source,
            array['condition', 'true_next', 'false_next', 'cases', 'default', 'error_next'],
            p_pointer
        ),
        automation_private.check_one_of(v_source, array['condition', 'cases'], p_pointer)
    );
    if v_has_cases then
        p_step := automation_private.compile_guards(p_step, 'cases', p_pointer);
    elsif v_source ? 'condition' then
        v_condition := automation_private.compile_condition(
            v_source -> 'condition', 'step', p_step.roots, p_pointer || '/condition'
        );
        p_step.condition := v_condition.path;
        p_step.derived := v_condition.derived;
        p_step.errors := automation_private.collect_errors(p_step.errors, v_condition.errors);
        p_step := automation_private.add_reads(
            p_step, v_condition.reads, p_pointer || '/condition'
        );
        p_step := automation_private.add_link(
            p_step, 'next', v_source,
            case when v_source ? 'true_next' then 'true_next' else 'next' end, p_pointer
        );
    end if;
    p_step := automation_private.add_link(
        p_step, 'else', v_source,
        case when v_source ? v_else then v_else else 'next' end, p_pointer
    );
    if v_source ? 'error_next' then
        p_step := automation_private.add_link(
            p_step, 'condition_error', v_source, 'error_next', p_pointer
        );
    end if;
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_unused(
            v_source,
            case
                when v_has_cases then array['true_next', 'false_next']
                else array['default']
            end,
            'it belongs to the other form of a condition', p_pointer
        ),
        case
            when v_source ?& array['true_next', 'false_next']
                and v_source -> 'on_error' is distinct from '"continue"'
                then automation_private.check_unused(
                    v_source, array['next'], 'both ways have their own', p_pointer
                )
        end
    );
    return p_step;
end;
$$;

comment on function automation_private.compile_condition_step(
    automation_private.compiled_step, text
) is
    'A condition step: two ways, or cases tried in order. A way without its own target goes to '
    'next.';
