create or replace function automation_private.apply_list_filter(p_list jsonb, p_filter jsonb)
returns jsonb
language sql immutable
return case p_filter ->> 0
    when 'first' then p_list -> 0
    when 'last' then p_list -> -1
    when 'length' then to_jsonb(jsonb_array_length(p_list))
    when 'join' then to_jsonb(automation_private.join_items(
        p_list, coalesce(p_filter ->> 1, ', ')
    ))
end;

comment on function automation_private.apply_list_filter(jsonb, jsonb) is
    'What a filter makes of a list; null when it takes no lists, or there is no such item.';
