create or replace function automation_private.join_conditions(p_trigger jsonb, p_conditions jsonb)
returns automation_private.compiled_condition
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_none automation_private.compiled_condition;
begin
    if p_trigger is null and p_conditions is null then
        return v_none;
    end if;
    return automation_private.compile_condition(
        case
            when p_trigger is null then p_conditions
            when p_conditions is null then p_trigger
            else jsonb_build_object('all', jsonb_build_array(p_trigger, p_conditions))
        end,
        'row'
    );
end;
$$;

comment on function automation_private.join_conditions(jsonb, jsonb) is
    'The condition of a trigger and those of its rule as one; all null when there is neither, '
    'which means always.';
