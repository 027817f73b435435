create or replace function automation_private.bare_path(p_path jsonpath)
returns jsonpath
language sql
immutable
-- within a string or a name the quotes would be escaped
return replace(p_path::text, '$."new"', '$')::jsonpath;

comment on function automation_private.bare_path(jsonpath) is
    'A path that reads the new row alone, for that row as the whole document: to put it into '
    'another one takes longer than to evaluate most conditions.';
