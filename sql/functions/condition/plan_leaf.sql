create or replace function automation_private.plan_leaf(p_leaf jsonb, p_op text, p_shape text)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_value jsonb := p_leaf -> 'value';
    v_type text := case
        when p_shape not in ('duration', 'days', 'times')
            then nullif(nullif(p_leaf ->> 'type', 'text'), 'boolean') end;
    v_now constant jsonb := '{"now": "PT0S"}'::jsonb;
    v_operands jsonb := case
        when v_value is null then '[true]'
        when jsonb_typeof(v_value) = 'array' then v_value
        else jsonb_build_array(v_value) end;
    v_as text := coalesce(v_type, case
        when p_leaf ? 'rank' then null
        when p_op in ('on', 'on_or_before', 'on_or_after') then 'date'
        when p_shape in ('instant', 'duration') then 'timestamp'
        when p_shape = 'count' then 'length'
        when p_shape = 'days' then 'weekday'
        when p_shape = 'times' then 'daytime'
        when p_op = 'is_business_day' then 'business_day'
        when p_op = 'is_anniversary' then 'anniversary'
        when p_shape in ('scalar', 'order', 'range')
            and jsonb_path_exists(v_operands, '$[*].now') then 'timestamp'
        when p_shape in ('order', 'range')
            and jsonb_path_exists(v_operands, '$[*] ? (@.type() == "string")') then 'timestamp'
        when p_leaf ? 'ci' and p_shape <> 'pattern'
            and (p_shape in ('scalar', 'list') or jsonb_typeof(v_value) <> 'object')
            then 'fold' end);
begin
    if p_op in ('on', 'on_or_before', 'on_or_after') then
        v_as := 'date';
    elsif p_shape = 'duration' then
        v_operands := case p_op
            when 'within_next' then jsonb_build_array(v_now, jsonb_build_object('now', v_value))
            else jsonb_build_array(jsonb_build_object('now', '-' || (v_value #>> '{}')), v_now) end;
    elsif p_shape = 'days' then
        v_operands := (
            select jsonb_agg(array_position('{mon,tue,wed,thu,fri,sat,sun}', d))
            from jsonb_array_elements_text(v_value) as d
        );
    elsif p_shape = 'times' then
        v_operands := (
            select jsonb_agg(extract(epoch from t.value::time)::int order by t.at)
            from jsonb_array_elements_text(v_value) with ordinality as t (value, at)
        );
    elsif p_op = 'is_false' then
        v_operands := '[false]';
    elsif p_leaf ? 'rank' then
        v_operands := automation_private.ranked_values(p_op, v_value, p_leaf -> 'rank');
    end if;

    return jsonb_build_object('as', v_as, 'operands', v_operands, 'op', case
        when p_leaf ? 'rank' then 'ranked'
        when p_op in ('is_true', 'is_false', 'on', 'is_business_day', 'is_anniversary', 'changed')
            then 'eq'
        when p_op = 'before' then 'lt'
        when p_op = 'after' then 'gt'
        when p_op in ('on_or_before', 'older_than') then 'lte'
        when p_op = 'on_or_after' then 'gte'
        when p_op in ('within_last', 'within_next') then 'within'
        when p_op in ('day_of_week') then 'in'
        when p_op = 'contains' then 'contains_all'
        when p_op = 'in' and jsonb_typeof(v_value) = 'object' then 'eq'
        when p_shape = 'count' then substr(p_op, 8)
        else p_op end);
end
$$;

comment on function automation_private.plan_leaf(jsonb, text, text) is
'How a leaf is evaluated: the primitive comparison (op), the operands of its right side, and what
the field is converted to first (as).';
