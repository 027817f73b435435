create or replace function automation_private.check_rendered(p_value jsonb, p_bindings jsonb)
returns jsonb
language sql stable
return case
    when pg_column_size(p_value) > 262144 then jsonb_build_object(
        'code', 'too_large', 'pointer', '',
        'message', 'the values come to more than 256 KiB'
    )
    -- the worker resolves such text: the definition may hold it, the data must not bring it in
    when jsonb_array_length(jsonb_path_query_array(
        p_value, 'strict $.** ? (@ like_regex "^\\{\\{[^A-Za-z}]*secrets")'
    )) > coalesce((p_bindings ->> 'secrets')::integer, 0) then jsonb_build_object(
        'code', 'secret_reference', 'pointer', '',
        'message', 'a value from the data names a secret; only the definition itself may do so'
    )
end;

comment on function automation_private.check_rendered(jsonb, jsonb) is
    'The error of a rendered value as a whole: too large, or more secrets named than its '
    'definition does; else null.';
