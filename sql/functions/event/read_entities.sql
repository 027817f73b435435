create or replace function automation_private.read_entities(p_trigger jsonb)
returns text[]
language sql
immutable
return case
    when p_trigger ? 'entity' then array(
        select e from jsonb_array_elements_text(
            case jsonb_typeof(p_trigger -> 'entity')
                when 'array' then p_trigger -> 'entity'
                else jsonb_build_array(p_trigger -> 'entity')
            end
        ) as e
    )
end;

comment on function automation_private.read_entities(jsonb) is
    'The only things that a trigger is about; null: all.';
