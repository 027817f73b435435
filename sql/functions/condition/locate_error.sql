create or replace function automation_private.locate_error(
    p_error jsonb, p_pointer text, p_source text, p_at int
)
returns jsonb
language sql immutable
return jsonb_build_object('errors', jsonb_build_array(jsonb_build_object(
    'pointer', p_pointer,
    'code', coalesce(p_error ->> 'code', 'syntax'),
    'message', case when p_source is null or p_at is null then '' else format(
        'line %s, column %s: ',
        regexp_count(left(p_source, p_at - 1), '\n') + 1,
        p_at - length(substring(left(p_source, p_at - 1) from '^(?:.*\n)?'))
    ) end || (p_error ->> 'message'),
    'hint', p_error -> 'hint'
)));

comment on function automation_private.locate_error(jsonb, text, text, int) is
'An error with its place: the pointer, and for the string form the line and the column.';
