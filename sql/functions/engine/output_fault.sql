create or replace function automation_private.output_fault(p_output jsonb)
returns jsonb
language sql
stable
return case
    when pg_column_size(p_output) > 65536 then automation_private.error_object(
        'too_large', 'invalid', 'the output is larger than 64 KiB'
    )
    when jsonb_path_exists(p_output, '$.**{33}') then automation_private.error_object(
        'too_large', 'invalid', 'the output is nested deeper than 32 levels'
    )
    when automation_private.has_wild_number(p_output) then automation_private.error_object(
        'invalid_output', 'invalid', 'a number in the output has more than 38 digits'
    )
end;

comment on function automation_private.output_fault(jsonb) is
    'Why an action''s output cannot be kept; null when it can.';
