create or replace function automation_private.test_text(p_value jsonb, p_spec jsonb, p_doc jsonb)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_test text := p_spec ->> 'test';
    v_text text := p_value #>> '{}';
    v_needles jsonb := coalesce(p_spec -> 'needles',
        automation_private.read_path(p_doc, p_spec ->> 'needle_path'), 'null');
    v_needle jsonb;
    v_holds boolean;
    v_any boolean := false;
    v_all boolean := true;
begin
    if jsonb_typeof(v_needles) <> 'array' then
        v_needles := jsonb_build_array(v_needles);
    end if;
    if p_spec ? 'ci' then
        v_text := automation_private.fold_case(v_text);
        p_value := automation_private.fold_case(p_value::text)::jsonb;
        v_needles := automation_private.fold_case(v_needles::text)::jsonb;
    end if;
    for v_needle in select * from jsonb_array_elements(v_needles) loop
        v_holds := case
            when v_needle in ('null', '""') then false
            when jsonb_typeof(p_value) = 'array' then p_value @> v_needle
            when jsonb_typeof(p_value) <> 'string' or jsonb_typeof(v_needle) <> 'string' then null
            when v_test = 'starts_with' then starts_with(v_text, v_needle #>> '{}')
            when v_test = 'ends_with'
                then right(v_text, length(v_needle #>> '{}')) = v_needle #>> '{}'
            else strpos(v_text, v_needle #>> '{}') > 0 end;
        v_any := v_any or v_holds;
        v_all := v_all and v_holds;
    end loop;
    return coalesce(to_jsonb(case v_test when 'contains_all' then v_all else v_any end), '{}');
end
$$;

comment on function automation_private.test_text(jsonb, jsonb, jsonb) is
'Whether a text contains, starts with or ends with what a leaf looks for, or a list has it as a
member; {} when the types do not fit.';
