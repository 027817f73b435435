create or replace function automation_private.compile_change(
    p_leaf jsonb, p_op text, p_path text, p_right text
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_old text := case
        when p_path like '$."new".%' then '$."old"' || substr(p_path, 8)
        when p_path like '$."trigger"."new".%' then '$."trigger"."old"' || substr(p_path, 18)
        end;
    v_as text := p_leaf ->> 'type';
    v_bound jsonb;
    v_derived jsonb := '{}'::jsonb;
    v_sides text[] := array[p_path, v_old];
begin
    if v_old is null or p_path like '%[*]%' then
        return automation_private.condition_error('no_old_value',
            format('%s compares a field of the row with its value before the change; %s is none',
            p_leaf ->> 'op', p_leaf ->> 'field'));
    elsif p_op = 'changed' then
        v_bound := automation_private.bind_derived(jsonb_build_object(
            'kind', 'changed', 'path', p_path, 'old', v_old, 'as', v_as));
        return v_bound || jsonb_build_object(
            'predicate', format('(%s == true)', v_bound ->> 'path'));
    elsif v_as in ('number', 'timestamp', 'date') or p_leaf ? 'ci' then
        for i in 1..2 loop
            v_bound := automation_private.bind_derived(jsonb_build_object(
                'kind', 'field', 'path', v_sides[i], 'as', coalesce(v_as, 'fold')));
            v_derived := v_derived || (v_bound -> 'derived');
            v_sides[i] := v_bound ->> 'path';
        end loop;
    end if;
    return jsonb_build_object('derived', v_derived, 'predicate', format(case
        when p_op = 'changed_to'
            then '(%1$s == %3$s && %1$s != null && !exists(%2$s ? (@ != null && @ == %3$s)))'
        when p_op = 'changed_from'
            then '(%2$s == %3$s && %2$s != null && !exists(%1$s ? (@ != null && @ == %3$s)))'
        when p_op like '%\_pct' then '((%1$s - %2$s) * 100 >= %3$s * %4$s.abs()'
            ' && %4$s != 0 && %1$s != null && %2$s != null)'
        else '(%1$s - %2$s >= %3$s && %1$s != null && %2$s != null)' end,
        v_sides[case when p_op like 'decreased%' then 2 else 1 end],
        v_sides[case when p_op like 'decreased%' then 1 else 2 end],
        p_right, v_sides[2]));
end
$$;

comment on function automation_private.compile_change(jsonb, text, text, text) is
'A comparison of a field with its value before the change as {predicate, derived}, or {error}.';
