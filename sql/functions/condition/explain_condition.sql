create or replace function automation.explain_condition(
    p_condition jsonb,
    p_context jsonb,
    p_old jsonb default null,
    p_as_of timestamptz default null,
    p_timezone text default 'UTC'
)
returns table (
    pointer text,
    field text,
    operator text,
    left_value jsonb,
    right_value jsonb,
    result boolean,
    reason text,
    condition text
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
        select t.*
        from automation_private.trace_condition(
            automation_private.require_condition(p_condition, p_timezone),
            automation_private.condition_document(p_context, p_old),
            'row',
            '{}',
            coalesce(p_as_of, automation_private.clock()),
            p_timezone
        ) as t;
end
$$;

comment on function automation.explain_condition(jsonb, jsonb, jsonb, timestamptz, text) is
'Why a row meets a condition or not: the first row is the whole condition in string form with its
result, then comes one row per comparison, all evaluated, with the values seen and a reason code.
Takes and raises what evaluate_condition does.';
