create or replace function automation_private.put_reference(
    p_value jsonb, p_references jsonb, p_index integer, p_doc jsonb
)
returns jsonb
language sql stable
return jsonb_set(
    p_value,
    (p_references ->> p_index)::text[],
    p_doc #> (p_references ->> (p_index + 1))::text[]
);

comment on function automation_private.put_reference(jsonb, jsonb, integer, jsonb) is
    'The value with one of its references filled in; null when the document has nothing there.';
