create or replace function automation_private.meets_past(
    p_condition jsonpath,
    p_derived jsonb,
    p_doc jsonb,
    p_at timestamptz,
    p_timezone text
)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return jsonb_path_match(
        p_doc, p_condition,
        automation_private.past_vars(p_derived, p_doc, p_at, p_timezone), true
    );
end;
$$;

comment on function automation_private.meets_past(
    jsonpath, jsonb, jsonb, timestamptz, text
) is
    'Whether a document meets a compiled condition; null: undecided.';
