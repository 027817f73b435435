create or replace function automation_private.compile_scope_step(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    p_step.runs := 'scope';
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        automation_private.check_step_keys(p_step.source, array['body'], p_pointer),
        automation_private.check_body(p_step.source, p_pointer)
    );
    p_step := automation_private.add_link(p_step, 'next', p_step.source, 'next', p_pointer);
    return automation_private.add_link(p_step, 'body', p_step.source, 'body', p_pointer);
end;
$$;

comment on function automation_private.compile_scope_step(automation_private.compiled_step, text) is
    'A scope step, whose body runs once as a unit.';
