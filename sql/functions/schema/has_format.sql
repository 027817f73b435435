create or replace function automation_private.has_format(p_text text, p_format text)
returns boolean
language sql stable
return case p_format
    when 'uri' then p_text ~* '^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$'
    when 'email' then p_text ~ '^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+\.[^\s@<>,;:"().]+$'
    when 'date-time' then p_text ~ '\d[Tt ]\d'
        and automation_private.parse_instant(upper(p_text), 'UTC') is not null
end;

comment on function automation_private.has_format(text, text) is
    'Whether text looks like a uri, an email or a date-time; a light check, without a lookup.';
