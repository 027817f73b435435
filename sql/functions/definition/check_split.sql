create or replace function automation_private.check_split(
    p_split jsonb,
    p_mode text,
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
            p_split, array['branches', 'mode', 'default', 'count', 'key'], p_pointer
        ),
        automation_private.check_key_choice(
            p_split, 'mode', array['all', 'matching', 'random'], 'unknown_mode', p_pointer
        ),
        automation_private.check_count(p_split, p_pointer),
        automation_private.check_key_type(p_split, 'key', array['string'], p_pointer),
        case
            when p_split -> 'on_error' is distinct from '"continue"'
                then automation_private.check_unused(
                    p_split, array['next'], 'tokens go on at the branches and behind the merge',
                    p_pointer
                )
        end,
        case
            when p_mode <> 'matching' then automation_private.check_unused(
                p_split, array['default'],
                case p_mode when 'random' then 'one branch is taken always'
                    else 'all branches are taken' end,
                p_pointer
            )
        end,
        case
            when p_mode = 'random' then automation_private.collect_errors(
                automation_private.check_unused(
                    p_split, array['count'], 'one branch is taken', p_pointer
                ),
                automation_private.check_weights(p_split -> 'branches', p_pointer || '/branches')
            )
            else automation_private.check_unused(
                p_split, array['key'], 'only random splits need what is the same every time',
                p_pointer
            )
        end,
        case
            when p_mode <> 'matching'
                and jsonb_path_exists(p_split, '$.branches[*].when', '{}', true)
                then automation_private.build_error(
                    p_pointer || '/mode', 'conflicting_keys',
                    'branches with "when" need the mode "matching"'
                )
        end
    );
end;
$$;

comment on function automation_private.check_split(jsonb, text, text) is
    'The errors in the keys of a split, but for its guards.';
