create or replace function automation_private.check_match(p_match jsonb, p_pointer text)
returns jsonb
language sql
immutable
return case
    when p_match = '{}' then automation_private.build_error(
        p_pointer, 'empty_list', '"match" must compare at least one field of the event',
        'leave it out to take any event of the name'
    )
    when (select count(*) from jsonb_object_keys(p_match)) > 10 then automation_private.build_error(
        p_pointer, 'out_of_range', '"match" compares at most ten fields', 'use a filter'
    )
    else (
        select jsonb_agg(
            case
                when automation_private.match_path(m.key) is null
                    then automation_private.build_error(
                        automation_private.append_pointer(p_pointer, left(m.key, 100)),
                        'invalid_path',
                        format('%s is no field of an event', to_json(left(m.key, 64))),
                        'a field of its new row: order_id or items[0].id; or old.x, or entity'
                    )
                else automation_private.build_error(
                    automation_private.append_pointer(p_pointer, m.key), 'null_value',
                    'nothing is equal to null', 'use a filter: event.order_id is not set'
                )
            end order by m.key
        )
        from jsonb_each(p_match) as m
        where automation_private.match_path(m.key) is null or m.value = 'null'
    )
end;

comment on function automation_private.check_match(jsonb, text) is
    'The errors of what a wait compares events with.';
