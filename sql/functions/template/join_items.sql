create or replace function automation_private.join_items(p_list jsonb, p_separator text)
returns text
language sql immutable
begin atomic
    select case
        when bool_or(jsonb_typeof(i.item) in ('object', 'array')) then null
        else coalesce(string_agg(i.item #>> '{}', p_separator order by i.ordinality), '')
    end
    from jsonb_array_elements(p_list) with ordinality as i (item, ordinality);
end;

comment on function automation_private.join_items(jsonb, text) is
    'The items of a list as one text, nulls left out; null when an item is itself a list or an '
    'object.';
