create or replace function automation_private.is_oversized(p_value jsonb)
returns boolean
language sql stable
return pg_column_size(p_value) > 65600
    or (jsonb_typeof(p_value) <> 'string' and automation_private.has_wild_number(p_value));

comment on function automation_private.is_oversized(jsonb) is
    'Whether a value is larger than 64 KiB, or holds a number whose few bytes would become '
    'thousands of digits.';
