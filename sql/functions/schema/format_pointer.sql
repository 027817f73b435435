create or replace function automation_private.format_pointer(p_at text[])
returns text
language sql immutable
return (
    select coalesce(
        string_agg(automation_private.append_pointer('', k.name), '' order by k.ordinality), ''
    )
    from unnest(p_at) with ordinality as k (name, ordinality)
);

comment on function automation_private.format_pointer(text[]) is
    'The JSON pointer of a path of keys and list positions.';
