create or replace function automation_private.render(
    p_value jsonb, p_bindings jsonb, p_doc jsonb, p_now timestamptz, p_timezone text
)
returns automation_private.rendered
language sql stable
return case
    when p_bindings is null then (p_value, null)::automation_private.rendered
    when p_bindings ? 'references'
        then automation_private.render_references(p_value, p_bindings, p_doc)
    else automation_private.render_expressions(p_value, p_bindings, p_doc, p_now, p_timezone)
end;

comment on function automation_private.render(jsonb, jsonb, jsonb, timestamptz, text) is
    'A compiled value with its templates filled in from the document. Never raises: what is '
    'missing, of the wrong type or too large comes back as error. Cheap when p_bindings is null.';
