create or replace function automation_private.check_guard(
    p_guard jsonb,
    p_list text,
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(p_guard) <> 'object' then
        return automation_private.build_error(
            p_pointer, 'wrong_type',
            case p_list
                when 'cases' then 'a case must be an object {"when", "next"}'
                else 'a branch must be the id of a step or an object {"next"}'
            end
        );
    end if;
    return automation_private.collect_errors(
        automation_private.check_known_keys(
            p_guard,
            array['when', 'next', 'name']
            || case p_list when 'cases' then '{}' else array['weight'] end,
            p_pointer
        ),
        automation_private.check_key_type(p_guard, 'name', array['string'], p_pointer),
        automation_private.check_one_of(
            p_guard,
            array[
                case p_list when 'cases' then 'when' when 'branches' then 'next' else 'weight' end
            ],
            p_pointer
        ),
        case p_list
            when 'shares' then automation_private.check_key_number(
                p_guard, 'weight', 0, 100, true, p_pointer
            )
            when 'branches' then automation_private.check_unused(
                p_guard, array['weight'], 'only splits of the mode "random" go by weights',
                p_pointer
            )
        end
    );
end;
$$;

comment on function automation_private.check_guard(jsonb, text, text) is
    'The errors in the form of one case of a condition or one branch of a split; in a random one '
    'branches are shares.';
