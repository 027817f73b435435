create or replace function automation_private.fetch_reference(
    p_doc jsonb, p_path text, p_now timestamptz, p_timezone text
)
returns jsonb
language sql stable
return case left(p_path, 1)
    when '{' then p_doc #> p_path::text[]
    when 's' then jsonb_path_query_first(p_doc, p_path::jsonpath, '{}', true)
    when 'l' then jsonb_path_query_array(p_doc, p_path::jsonpath, '{}', true)
    else to_jsonb(automation_private.format_instant(p_now, p_timezone))
end;

comment on function automation_private.fetch_reference(jsonb, text, timestamptz, text) is
    'What stands in the document at a path of compile_path; null when nothing does.';
