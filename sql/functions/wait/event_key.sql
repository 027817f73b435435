create or replace function automation_private.event_key(
    p_shape text,
    p_new jsonb,
    p_old jsonb,
    p_entity text
)
returns text
language sql
immutable
return case
    when p_shape = '[]' then ''
    else (
        select automation_private.hash_values(jsonb_agg(
            coalesce(
                jsonb_build_object('new', p_new, 'old', p_old, 'entity', p_entity)
                #> array(select jsonb_array_elements_text(s.value)),
                'null'
            ) order by s.ordinality
        ))
        from jsonb_array_elements(p_shape::jsonb) with ordinality as s
    )
end;

comment on function automation_private.event_key(text, jsonb, jsonb, text) is
    'What an event says at the places of a shape, as waits of that shape look for it; null when '
    'something is missing.';
