create or replace function automation_private.check_loop(
    p_loop jsonb,
    p_kind text,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return automation_private.collect_errors(
        automation_private.check_step_keys(
            p_loop,
            array[
                'over', 'while', 'until', 'as', 'body', 'max_concurrency', 'max_iterations',
                'complete_when', 'cancel_rest', 'tolerated_failures', 'result'
            ],
            p_pointer
        ),
        automation_private.check_one_of(p_loop, array['over', 'while', 'until'], p_pointer),
        automation_private.check_over(p_loop, p_pointer),
        automation_private.check_body(p_loop, p_pointer),
        automation_private.check_alias(p_loop, p_pointer),
        automation_private.check_key_number(
            p_loop, 'max_iterations', 1, 10000, true, p_pointer
        ),
        automation_private.check_key_number(
            p_loop, 'max_concurrency', 1, 1000, true, p_pointer
        ),
        automation_private.check_key_type(p_loop, 'cancel_rest', array['boolean'], p_pointer),
        automation_private.check_tolerance(p_loop, p_pointer),
        case
            when jsonb_typeof(p_loop -> 'complete_when') = 'number'
                then automation_private.check_key_number(
                    p_loop, 'complete_when', 1, 10000, true, p_pointer
                )
        end,
        case
            when not p_loop ? 'complete_when' then automation_private.check_unused(
                p_loop, array['cancel_rest'], 'without "complete_when" nothing is left over',
                p_pointer
            )
        end,
        case
            when p_kind = 'over' or not p_loop ? p_kind then null
            else automation_private.collect_errors(
                automation_private.check_one_of(p_loop, array['max_iterations'], p_pointer),
                automation_private.check_unused(
                    p_loop - case when p_loop -> 'max_concurrency' = '1' then 'max_concurrency'
                        else '' end,
                    array['max_concurrency'], 'each turn depends on the one before', p_pointer
                )
            )
        end
    );
end;
$$;

comment on function automation_private.check_loop(jsonb, text, text) is
    'The errors in the keys of a loop, but for its conditions and templates.';
