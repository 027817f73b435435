create or replace function automation_private.compile_either(p_source jsonb)
returns automation_private.compiled_condition
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row automation_private.compiled_condition;
    v_step automation_private.compiled_condition;
begin
    v_row := automation_private.compile_condition(p_source, 'row');
    if v_row.errors is null then
        return v_row;
    end if;
    v_step := automation_private.compile_condition(p_source, 'step');
    return case
        when v_step.errors is null
            or jsonb_array_length(v_step.errors) < jsonb_array_length(v_row.errors) then v_step
        else v_row end;
end
$$;

comment on function automation_private.compile_either(jsonb) is
'A condition compiled for rules or, if it is none there, for a workflow''s steps.';
