create or replace function automation_private.is_bounded_number(p_number numeric)
returns boolean
language sql immutable
return abs(p_number) < 1e38
    and scale(trim_scale(p_number)) <= 38
    and length(ltrim(replace(trim_scale(abs(p_number))::text, '.', ''), '0')) <= 38;

comment on function automation_private.is_bounded_number(numeric) is
'Whether a number has at most 38 digits: the bound for every constant.';
