create or replace function automation_private.milliseconds_between(p_from text, p_to text)
returns int
language sql
stable
return case
    when automation_private.parse_instant(p_from, 'UTC')
        <= automation_private.parse_instant(p_to, 'UTC')
        then least(
            extract(
                epoch from automation_private.parse_instant(p_to, 'UTC')
                - automation_private.parse_instant(p_from, 'UTC')
            ) * 1000,
            2147483647
        )::int
end;

comment on function automation_private.milliseconds_between(text, text) is
    'The time between two ISO 8601 instants; null when they are missing or out of order.';
