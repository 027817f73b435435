create or replace function automation_private.list_aliases(p_steps jsonb)
returns text[]
language sql
immutable
return array(
    select distinct s.value ->> 'as'
    from jsonb_array_elements(
        case jsonb_typeof(p_steps) when 'array' then p_steps end
    ) as s
    where s.value @> '{"type": "loop"}'
        and s.value ? 'as'
        and automation_private.check_alias(s.value, '') is null
    order by 1
);

comment on function automation_private.list_aliases(jsonb) is
    'The names that loops give to their items.';
