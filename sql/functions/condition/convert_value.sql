create or replace function automation_private.convert_value(
    p_value jsonb, p_spec jsonb, p_doc jsonb, p_as_of timestamptz, p_timezone text
)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_as text := p_spec ->> 'as';
    v_type text := jsonb_typeof(p_value);
    v_text text := case v_type when 'string' then p_value #>> '{}' end;
    -- An object is comparable with nothing, so it makes every comparison unknown.
    v_mismatch constant jsonb := '{}'::jsonb;
begin
    if v_type is null or v_type = 'null' or v_as is null then
        return p_value;
    elsif v_as = 'test' and (v_type <> 'array' or p_spec ->> 'test' !~ '_with$') then
        return automation_private.test_text(p_value, p_spec, p_doc);
    elsif v_type = 'array' and v_as <> 'length' then
        return (
            select coalesce(jsonb_agg(automation_private.convert_value(
                i.value, p_spec, p_doc, p_as_of, p_timezone) order by i.at), '[]')
            from jsonb_array_elements(p_value) with ordinality as i (value, at)
            where jsonb_typeof(i.value) <> 'array'
        );
    end if;
    return case v_as
        when 'fold' then coalesce(to_jsonb(automation_private.fold_case(v_text)), p_value)
        when 'number' then case
            when v_type = 'number' then p_value
            when v_text ~ '^-?\d{1,38}(\.\d{1,38})?([eE][+-]?\d{1,2})?$'
                then to_jsonb(v_text::numeric)
            else v_mismatch end
        when 'length' then case v_type
            when 'string' then to_jsonb(length(v_text))
            when 'array' then to_jsonb(jsonb_array_length(p_value))
            else v_mismatch end
        else coalesce(automation_private.convert_instant(
            automation_private.parse_instant(v_text, p_timezone), v_as, p_as_of, p_timezone),
            v_mismatch) end;
end
$$;

comment on function automation_private.convert_value(jsonb, jsonb, jsonb, timestamptz, text) is
'A value as a condition''s leaf compares it, lists item by item; {} when it cannot be converted,
null stays null.';
