create or replace function automation_private.plan_conversion(
    p_leaf jsonb, p_plan jsonb, p_rights jsonb, p_lean boolean
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_op text := p_plan ->> 'op';
    v_needles jsonb := p_plan -> 'operands';
begin
    if v_op = 'in' and (jsonb_array_length(v_needles) <= 100 or p_leaf ? 'left'
            or coalesce(p_plan ->> 'as', 'fold') <> 'fold')
        or v_op not in ('in', 'contains_all', 'contains_any', 'starts_with', 'ends_with')
        or v_op <> 'in' and p_rights -> 0 ->> 'kind' = 'constant' and (
            v_op = 'starts_with'
            or jsonb_typeof(v_needles -> 0) <> 'string'
            or not p_lean and jsonb_array_length(v_needles) <= 4
            and length(v_needles::text) <= 400
        )
    then
        return jsonb_build_object('as', p_plan -> 'as');
    end if;
    -- PostgreSQL keeps 32 compiled expressions per session, and needs a millisecond to search a
    -- text of 64 KiB with one; and a long list against a list takes the product of their lengths.
    return jsonb_build_object('as', 'test', 'test', v_op, 'ci', p_leaf -> 'ci')
        || case when p_rights -> 0 ->> 'kind' = 'field'
            then jsonb_build_object('needle_path', p_rights -> 0 -> 'path')
            else jsonb_build_object('needles', v_needles) end;
end
$$;

comment on function automation_private.plan_conversion(jsonb, jsonb, jsonb, boolean) is
'What the field of a leaf is converted to before it is compared, as {as, …}: searches that would be
slow in jsonpath become the result of a test.';
