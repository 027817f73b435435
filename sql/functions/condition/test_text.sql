create or replace function automation_private.test_text(p_value jsonb, p_spec jsonb, p_doc jsonb)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_test text := p_spec ->> 'test';
    v_needles jsonb := coalesce(p_spec -> 'needles',
        automation_private.read_path(p_doc, p_spec ->> 'needle_path'), 'null');
    v_text text;
    v_holds boolean;
begin
    if jsonb_typeof(v_needles) <> 'array' then
        v_needles := jsonb_build_array(v_needles);
    end if;
    if p_spec ? 'ci' then
        p_value := automation_private.fold_case(p_value::text)::jsonb;
        v_needles := automation_private.fold_case(v_needles::text)::jsonb;
    end if;
    v_text := p_value #>> '{}';

    if v_needles = '[]' then
        v_holds := false;
    elsif jsonb_typeof(p_value) = 'array' and jsonb_array_length(v_needles) <= 10 then
        select case v_test when 'contains_all' then bool_and(n.holds) else bool_or(n.holds) end
        into v_holds
        from (
            select p_value @> needle.value
                and jsonb_typeof(needle.value) not in ('null', 'array', 'object') as holds
            from jsonb_array_elements(v_needles) as needle (value)
        ) as n;
    elsif jsonb_typeof(p_value) = 'array' and v_test = 'contains_all' then
        v_holds := not exists (
            select jsonb_array_elements(v_needles)
            except
            select e from jsonb_array_elements(p_value) as e where e <> 'null'
        );
    elsif jsonb_typeof(p_value) = 'array' then
        v_holds := exists (
            select jsonb_array_elements(v_needles)
            intersect
            select e from jsonb_array_elements(p_value) as e where e <> 'null'
        );
    elsif v_test = 'in' then
        v_holds := case when jsonb_typeof(p_value) = jsonb_typeof(v_needles -> 0)
            then v_needles @> p_value end;
    else
        select case v_test when 'contains_all' then bool_and(n.holds) else bool_or(n.holds) end
        into v_holds
        from (
            select case
                when needle.value in ('null', '""') then false
                when jsonb_typeof(p_value) <> 'string' or jsonb_typeof(needle.value) <> 'string'
                    then null
                when v_test = 'starts_with' then starts_with(v_text, needle.value #>> '{}')
                when v_test = 'ends_with'
                    then right(v_text, length(needle.value #>> '{}')) = needle.value #>> '{}'
                else strpos(v_text, needle.value #>> '{}') > 0 end as holds
            from jsonb_array_elements(v_needles) as needle (value)
        ) as n;
    end if;
    return coalesce(to_jsonb(v_holds), '{}');
end
$$;

comment on function automation_private.test_text(jsonb, jsonb, jsonb) is
'Whether a value contains, starts with, ends with or is one of what a leaf looks for, or a list has
it as a member; {} when the types do not fit.';
