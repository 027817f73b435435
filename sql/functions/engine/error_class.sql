create or replace function automation_private.error_class(p_sqlstate text)
returns text
language sql
immutable
return case
    when p_sqlstate ~ '^(08|55)' then 'unavailable'
    when p_sqlstate ~ '^(22|23|MA0|MA2)' then 'invalid'
    when p_sqlstate ~ '^(28|42501|MA3)' then 'auth'
    when p_sqlstate ~ '^MA1' then 'refused'
    else 'error'
end;

comment on function automation_private.error_class(text) is
    'The error class, as retry policies name it, of an error raised inside the database.';
