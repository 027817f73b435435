create or replace function automation_private.compile_unknown_step(
    p_step automation_private.compiled_step,
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_types constant text[] := array[
        'action', 'condition', 'set', 'delay', 'split', 'merge', 'loop', 'scope', 'wait',
        'approval', 'workflow', 'stop'
    ];
    v_key text;
begin
    p_step.errors := automation_private.collect_errors(
        p_step.errors,
        case
            when not p_step.source ? 'type' then automation_private.build_error(
                p_pointer, 'missing_key', 'a step needs a "type"',
                format('one of: %s', array_to_string(v_types, ', '))
            )
            else automation_private.check_key_choice(
                p_step.source, 'type', v_types, 'unknown_step_type', p_pointer
            )
        end
    );
    -- what it leads to shall not be reported as out of reach, too
    for v_key in
        select k.name
        from jsonb_object_keys(p_step.source) as k (name)
        where (k.name like '%next' or k.name = 'body')
            and jsonb_typeof(p_step.source -> k.name) = 'string'
    loop
        p_step := automation_private.add_link(p_step, 'branch', p_step.source, v_key, p_pointer);
    end loop;
    return p_step;
end;
$$;

comment on function automation_private.compile_unknown_step(
    automation_private.compiled_step, text
) is
    'A step whose type is missing or unknown, with the error that says so.';
