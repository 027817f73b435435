create or replace function automation_private.leaf_reason(
    p_leaf jsonb, p_result boolean, p_left jsonb, p_right jsonb, p_old jsonb, p_fields jsonb
)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_op text := p_leaf ->> 'op';
    v_operator jsonb := automation_private.find_operator(v_op);
    v_shape text := v_operator ->> 'shape';
    v_as text := automation_private.plan_leaf(
        p_leaf, coalesce(v_operator ->> 'negates', v_op), v_shape) ->> 'as';
    v_plain text := case when p_result then 'match' when not p_result then 'no_match'
        else 'type_mismatch' end;
begin
    return case
        when v_op ~ '^(is_(not_)?(set|empty)|changed.*)$' then v_plain
        when v_shape = 'amount' and (p_old = 'null' or v_op like '%\_pct' and p_old = '0')
            then 'no_baseline'
        when p_left is null and not p_leaf ? 'left' or p_left = 'null' or p_fields @> 'null'
            then 'missing'
        when jsonb_array_length(p_fields) > 0 and p_result is null and not jsonb_path_exists(
            p_fields, '$[*] ? (@.type() != "number")') then 'division_by_zero'
        when v_shape not in ('none', 'duration') and coalesce(p_right, 'null') = 'null'
            then 'missing'
        when p_result is null and p_leaf ? 'rank' and jsonb_typeof(p_left) = 'string'
            then 'not_ranked'
        when p_result is null and v_as = 'number' and jsonb_typeof(p_left) = 'string'
            then 'not_a_number'
        when p_result is null and jsonb_typeof(p_left) = 'string'
            and v_as in ('timestamp', 'date', 'weekday', 'daytime', 'business_day', 'anniversary')
            then 'not_a_timestamp'
        when v_op = 'in' and p_result is false then 'not_in_list'
        when v_op = 'not_in' and p_result is false then 'in_list'
        else v_plain end;
end
$$;

comment on function automation_private.leaf_reason(jsonb, boolean, jsonb, jsonb, jsonb, jsonb) is
'Why a leaf came out as it did, as a code: match, no_match, missing, type_mismatch, not_a_number,
not_a_timestamp, not_ranked, division_by_zero, no_baseline, not_in_list or in_list.';
