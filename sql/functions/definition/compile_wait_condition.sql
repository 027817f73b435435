create or replace function automation_private.compile_wait_condition(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_condition automation_private.compiled_condition;
begin
    if p_step.source ? 'condition' then
        v_condition := automation_private.compile_condition(
            p_step.source -> 'condition', 'step', p_step.roots, p_pointer || '/condition'
        );
    end if;
    p_step.condition := v_condition.path;
    p_step.derived := v_condition.derived;
    p_step.errors := automation_private.collect_errors(p_step.errors, v_condition.errors);
    p_step := automation_private.add_reads(p_step, v_condition.reads, p_pointer || '/condition');
    p_step.options := coalesce(p_step.options, '{}') || jsonb_build_object(
        'kind', 'condition',
        'poll', extract(epoch from coalesce(
            automation_private.parse_duration(p_step.source ->> 'poll'), interval '1 minute'
        ))
    );
    return p_step;
end;
$$;

comment on function automation_private.compile_wait_condition(
    automation_private.compiled_step, text
) is
    'A wait until a condition holds, looked at again after every "poll".';
