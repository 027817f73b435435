create or replace function automation_private.normalise_leaf(p_leaf jsonb)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_leaf jsonb;
    v_operator jsonb;
    v_unknown text;
begin
    select coalesce(jsonb_object_agg(coalesce('{"metric": "field", "operator": "op",
        "threshold": "value", "case_insensitive": "ci"}'::jsonb ->> key, key), value), '{}')
    into v_leaf
    from jsonb_each(p_leaf)
    where not (key = 'type' and value = '"metric_threshold"')
        and not (key = 'ci' and value = 'false');
    select key into v_unknown
    from jsonb_object_keys(v_leaf) as key
    where key <> all ('{field,left,op,value,type,ci,quantifier,rank,ui}') and key not like 'x-%'
    limit 1;
    if v_unknown is not null then
        return automation_private.condition_error('unknown_key',
            format('%s is not a key of a condition', to_json(left(v_unknown, 64))));
    elsif (v_leaf ? 'field') = (v_leaf ? 'left')
        or v_leaf ? 'field' and jsonb_typeof(v_leaf -> 'field') <> 'string'
    then
        return automation_private.condition_error('missing_field', 'a condition names its field',
            '{"field": "roi", "op": "gt", "value": 200}');
    elsif not v_leaf ? 'op' and v_leaf ? 'value' then
        return automation_private.condition_error('missing_operator',
            'a condition with a value names its operator');
    elsif not v_leaf ? 'op' then
        v_leaf := v_leaf || '{"op": "is_true"}';
    end if;

    v_operator := automation_private.find_operator(v_leaf ->> 'op');
    if v_operator is null or jsonb_typeof(v_leaf -> 'op') <> 'string' then
        return automation_private.condition_error('unknown_operator', format(
            '%s is not an operator', to_json(left(v_leaf ->> 'op', 64))),
            'among them are =, !=, <, <=, >, >=, in, between, contains and is set');
    elsif v_operator ->> 'shape' = 'none' and jsonb_typeof(v_leaf -> 'value') = 'boolean'
        and v_operator ->> 'op' in ('is_set', 'is_not_set', 'is_empty', 'is_not_empty')
    then
        if v_leaf -> 'value' = 'false' then
            v_operator := automation_private.find_operator(case v_operator ->> 'op'
                when 'is_set' then 'is_not_set' when 'is_not_set' then 'is_set'
                when 'is_empty' then 'is_not_empty' else 'is_empty' end);
        end if;
        v_leaf := v_leaf - 'value';
    end if;
    v_leaf := v_leaf || jsonb_build_object('op', v_operator -> 'op');
    if v_leaf ? 'value' then
        v_leaf := jsonb_set(v_leaf, '{value}', automation_private.normalise_value(
            v_operator ->> 'shape', v_leaf -> 'value'));
    end if;
    return coalesce(
        automation_private.check_leaf_options(v_leaf, v_operator ->> 'shape'),
        automation_private.check_leaf_value(v_leaf, v_operator ->> 'shape'),
        v_operator || jsonb_build_object('leaf', v_leaf));
end
$$;

comment on function automation_private.normalise_leaf(jsonb) is
'One leaf of a condition in canonical form, with its operator: {leaf, op, shape, negates}, or
{error}.';
