create or replace function automation_private.meets(
    p_condition jsonpath,
    p_derived jsonb,
    p_doc jsonb,
    p_as_of timestamptz,
    p_org_id uuid
)
returns boolean
language sql
stable
return case
    when p_derived is null then jsonb_path_match(p_doc, p_condition, '{}', true)
    else jsonb_path_match(
        p_doc, p_condition,
        automation_private.condition_vars(
            p_derived, p_doc, p_as_of, automation_private.org_timezone_of(p_org_id)
        ),
        true
    )
end;

comment on function automation_private.meets(jsonpath, jsonb, jsonb, timestamptz, uuid) is
    'Whether a document meets a compiled condition of an organisation; null: undecided.';
