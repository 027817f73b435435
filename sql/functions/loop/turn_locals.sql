create or replace function automation_private.turn_locals(
    p_alias text,
    p_iteration int,
    p_count int,
    p_item jsonb
)
returns jsonb
language sql
immutable
return jsonb_build_object(
    'roots', jsonb_build_object(
        'loop', jsonb_build_object('index', p_iteration) || jsonb_strip_nulls(jsonb_build_object(
            'count', p_count
        )) || case when p_item is null then '{}' else jsonb_build_object('item', p_item) end
    ) || case
        when p_alias is null or p_item is null then '{}'
        else jsonb_build_object(p_alias, p_item)
    end,
    'vars', '{}'::jsonb,
    'steps', '{}'::jsonb
);

comment on function automation_private.turn_locals(text, int, int, jsonb) is
    'What the steps of a turn see when it begins: loop.item, index and count, and the item under '
    'its alias.';
