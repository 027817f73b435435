create or replace function automation_private.past_vars(
    p_derived jsonb,
    p_doc jsonb,
    p_at timestamptz,
    p_timezone text
)
returns jsonb
language sql
stable
return case
    when p_derived is null then '{}'
    else automation_private.condition_vars(p_derived, p_doc, p_at, p_timezone)
end;

comment on function automation_private.past_vars(jsonb, jsonb, timestamptz, text) is
    'The variables of a condition; costs nothing when it has none.';
