create or replace function automation_private.content_fault(p_content jsonb)
returns jsonb
language sql
stable
return case
    when pg_column_size(p_content) > 32768 then automation_private.error_object(
        'too_large', 'invalid', 'the content is larger than 32 KiB; approve a reference to it'
    )
    else automation_private.output_fault(p_content)
end;

comment on function automation_private.content_fault(jsonb) is
    'Why something cannot be put before approvers; null when it can.';
