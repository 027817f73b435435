create or replace function automation_private.condition_vars(
    p_derived jsonb, p_doc jsonb, p_as_of timestamptz, p_timezone text
)
returns jsonb
language sql stable
return case
    when p_derived is null then '{}'::jsonb
    else (
        select jsonb_object_agg(d.key, automation_private.derive_value(
            d.value, p_doc, p_as_of, p_timezone
        ))
        from jsonb_each(p_derived) as d
    )
end;

comment on function automation_private.condition_vars(jsonb, jsonb, timestamptz, text) is
'Every variable that a compiled condition''s predicate names: what jsonpath cannot compute itself.
An empty object when it needs none.';
