create or replace function automation_private.needs_check(p_value jsonb)
returns boolean
language sql stable
return p_value is null
    or pg_column_size(p_value) > 65600
    or jsonb_path_exists(p_value, 'strict $.** ? (@ starts with "{{")');

comment on function automation_private.needs_check(jsonb) is
    'Whether check_rendered has to look at a rendered value: it has none, is large, or may name a '
    'secret.';
