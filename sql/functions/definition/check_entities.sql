create or replace function automation_private.check_entities(p_trigger jsonb, p_pointer text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_entity constant jsonb := p_trigger -> 'entity';
begin
    if v_entity is null or jsonb_typeof(v_entity) = 'string' and length(v_entity #>> '{}') > 0 then
        return null;
    elsif jsonb_typeof(v_entity) = 'array'
        and jsonb_array_length(v_entity) between 1 and 1000
        and not exists (
            select from jsonb_array_elements(v_entity) as e where jsonb_typeof(e) <> 'string'
        )
    then
        return null;
    end if;
    return automation_private.build_error(
        p_pointer || '/entity', 'wrong_type',
        '"entity" is the id of one thing, as text, or a list of one to a thousand'
    );
end;
$$;

comment on function automation_private.check_entities(jsonb, text) is
    'The error of a trigger''s entities: the only things that it listens to.';
