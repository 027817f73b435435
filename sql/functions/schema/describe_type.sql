create or replace function automation_private.describe_type(p_type text)
returns text
language sql immutable
return case p_type
    when 'string' then 'text'
    when 'number' then 'a number'
    when 'integer' then 'a whole number'
    when 'boolean' then 'true or false'
    when 'object' then 'an object'
    when 'array' then 'a list'
    when 'null' then 'empty (null)'
end;

comment on function automation_private.describe_type(text) is
    'The name of a JSON type in plain words, with its article.';
