create or replace function automation_private.check_merge(p_merge jsonb, p_pointer text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return automation_private.collect_errors(
        automation_private.check_step_keys(
            p_merge, array['wait_for', 'cancel_rest', 'split', 'from', 'blocking'], p_pointer
        ),
        case jsonb_typeof(p_merge -> 'wait_for')
            when 'number' then automation_private.check_key_number(
                p_merge, 'wait_for', 1, 10000, true, p_pointer
            )
            else automation_private.check_key_choice(
                p_merge, 'wait_for', array['all', 'any', 'each'], 'unknown_mode', p_pointer
            )
        end,
        automation_private.check_key_type(p_merge, 'cancel_rest', array['boolean'], p_pointer),
        automation_private.check_key_type(p_merge, 'blocking', array['boolean'], p_pointer),
        case
            when p_merge ->> 'wait_for' = 'each' and p_merge -> 'cancel_rest' = 'true'
                then automation_private.build_error(
                    p_pointer || '/cancel_rest', 'conflicting_keys',
                    'what waits for each branch cannot cancel the rest of them'
                )
        end,
        case
            when p_merge ? 'from' then automation_private.collect_errors(
                automation_private.check_long_list(p_merge, 'from', 500, p_pointer),
                automation_private.check_unused(
                    p_merge - case when p_merge ->> 'wait_for' = 'all' then 'wait_for' else '' end,
                    array['wait_for', 'cancel_rest', 'split', 'blocking'],
                    'with "from" it joins one arrival from each of the steps named', p_pointer
                ),
                (
                    select jsonb_agg(
                        automation_private.build_error(
                            format('%s/from/%s', p_pointer, f.ordinality - 1), 'wrong_type',
                            'every entry must be the id of a step'
                        ) order by f.ordinality
                    )
                    from jsonb_array_elements(
                        case jsonb_typeof(p_merge -> 'from')
                            when 'array' then p_merge -> 'from' else '[]'
                        end
                    ) with ordinality as f
                    where jsonb_typeof(f.value) <> 'string'
                )
            )
        end
    );
end;
$$;

comment on function automation_private.check_merge(jsonb, text) is
    'The errors in the keys of a merge.';
