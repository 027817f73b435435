create or replace function automation_private.is_event_name(p_name jsonb)
returns boolean
language sql
immutable
return coalesce(
    jsonb_typeof(p_name) = 'string'
    and length(p_name #>> '{}') <= 100
    and p_name #>> '{}' ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$',
    false
);

comment on function automation_private.is_event_name(jsonb) is
    'Whether a value names an event: words joined by dots.';
