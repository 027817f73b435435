create or replace function automation_private.check_leaf_options(p_leaf jsonb, p_shape text)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_type text := p_leaf ->> 'type';
    v_types text[] := case
        when p_shape in ('scalar', 'list') then '{number,timestamp,date,text,boolean}'::text[]
        when p_shape in ('order', 'range', 'change') then '{number,timestamp,date}'
        when p_shape = 'amount' then '{number}'
        when p_shape = 'instant' then '{timestamp,date}'
        when p_shape in ('duration', 'days', 'times') then '{timestamp}'
        when p_shape in ('needle', 'needles', 'text', 'pattern') then '{text}'
        else '{}' end;
    v_rank jsonb := p_leaf -> 'rank';
    v_is_change boolean := p_shape in ('change', 'amount') or p_leaf ->> 'op' like 'changed\_%';
begin
    if p_leaf ? 'type'
        and (v_type <> all (v_types) or jsonb_typeof(p_leaf -> 'type') <> 'string')
    then
        return automation_private.condition_error('invalid_type',
            format('%s is not a type for %s', to_json(left(v_type, 64)), p_leaf ->> 'op'),
            case v_types when '{}' then 'leave type out'
                else 'types are ' || array_to_string(v_types, ', ') end);
    elsif p_leaf ? 'ci' and (p_leaf -> 'ci' <> 'true' or v_type <> 'text'
        or p_shape not in ('scalar', 'list', 'needle', 'needles', 'text', 'pattern'))
    then
        return automation_private.condition_error('invalid_ci',
            'ci is true or false, and only text is compared without regard to case');
    elsif p_leaf ? 'quantifier' and (p_leaf -> 'quantifier' not in ('"some"', '"every"', '"none"')
        or v_is_change)
    then
        return automation_private.condition_error('invalid_quantifier',
            case when v_is_change then 'a change has no quantifier'
                else 'a quantifier is some, every or none' end);
    elsif p_leaf ? 'left' and p_leaf ?| '{type,ci,quantifier,rank}' then
        return automation_private.condition_error('invalid_left',
            'type, ci, quantifier and rank belong to a field, not to arithmetic');
    elsif p_leaf ? 'left'
        and (p_shape not in ('scalar', 'order', 'range', 'list') or v_is_change)
    then
        return automation_private.condition_error('invalid_left',
            format('%s takes a field, not arithmetic', p_leaf ->> 'op'));
    elsif v_rank is not null and (p_shape not in ('order', 'range') or p_leaf ? 'type'
        or automation_private.check_list('list', v_rank, 'text') is not null
        or jsonb_typeof(v_rank) <> 'array' or jsonb_array_length(v_rank) > 100
        or jsonb_array_length(v_rank) <> (
            select count(distinct r) from jsonb_array_elements(v_rank) as r
        ))
    then
        return automation_private.condition_error('invalid_rank',
            'a rank lists up to 100 different texts, lowest first, for <, <=, >, >= and between');
    end if;
    return null;
end
$$;

comment on function automation_private.check_leaf_options(jsonb, text) is
'Why a leaf''s type, ci, quantifier or rank does not fit its operator, as {error}; null when all
fit.';
