create or replace function automation_private.parse_failure(
    p_at int, p_expected text, p_found jsonb default null
)
returns jsonb
language sql immutable
return jsonb_build_object('error', jsonb_build_object(
    'at', p_at,
    'message', p_expected || case
        when p_found is null then ''
        when p_found ->> 'kind' = 'end' then ', found the end'
        when p_found ->> 'source' in ('''', '"') then ', found a text without its closing quote'
        else format(', found %s', to_json(left(p_found ->> 'source', 40)))
    end
));

comment on function automation_private.parse_failure(int, text, jsonb) is
'Why the string form of a condition cannot be read: what was expected, and what stands there.';
