create or replace function automation_private.label_way(
    p_step automation_private.compiled_step,
    p_link automation_private.step_link,
    p_place int,
    p_way text
)
returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_case constant jsonb := p_step.source -> case p_step.runs
        when 'condition' then 'cases' when 'split' then 'branches'
    end -> (p_place - 1);
begin
    return case
        when p_link.role = 'error' then 'error'
        when p_link.role = 'condition_error' then 'undecided'
        when p_link.role = 'body' and p_step.runs = 'loop' then 'each turn'
        when p_way = 'default' and p_link.role = 'else' then 'otherwise'
        when p_way = 'changes_requested' then 'changes requested'
        when p_link.role not in ('case', 'branch') or v_case is null then p_way
        when jsonb_typeof(v_case) = 'string' then null
        else concat_ws(
            ' ',
            coalesce(
                v_case ->> 'name',
                automation_private.describe_condition(v_case -> 'when'),
                case when v_case ? 'when' or not v_case ? 'next' then p_way end
            ),
            (v_case ->> 'weight') || '%'
        )
    end;
end;
$$;

comment on function automation_private.label_way(
    automation_private.compiled_step, automation_private.step_link, int, text
) is
    'What stands at a line of a diagram: which outcome of the step leads there.';
