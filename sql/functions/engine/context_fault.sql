create or replace function automation_private.context_fault(
    p_vars jsonb,
    p_values jsonb,
    p_runs text
)
returns jsonb
language sql
stable
return case
    when p_runs = 'set'
        and pg_column_size(p_vars) + pg_column_size(p_values) > 262144
        and pg_column_size(p_vars || p_values) > 262144
        then automation_private.error_object(
            'too_large', 'invalid', 'the context would be larger than 256 KiB'
        )
end;

comment on function automation_private.context_fault(jsonb, jsonb, text) is
    'Why values cannot be laid over the variables; null when they can.';
