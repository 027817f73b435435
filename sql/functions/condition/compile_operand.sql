create or replace function automation_private.compile_operand(
    p_value jsonb, p_mode text, p_roots text[], p_depth int default 1
)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key text;
    v_reference automation_private.reference;
    v_shift text;
begin
    if jsonb_typeof(p_value) = 'number'
        and not automation_private.is_bounded_number(p_value::numeric)
    then
        return automation_private.condition_error('number_too_long',
            'a number has at most 38 digits');
    elsif jsonb_typeof(p_value) = 'string' and octet_length(p_value #>> '{}') > 65536 then
        return automation_private.condition_error('text_too_long', 'a text has at most 64 KiB');
    elsif jsonb_typeof(p_value) in ('number', 'string', 'boolean') then
        return jsonb_build_object('kind', 'constant', 'path', p_value::text);
    elsif jsonb_typeof(p_value) is distinct from 'object' then
        return automation_private.condition_error('not_a_scalar', format(
            'a %s cannot be compared with an operator for single values',
            case jsonb_typeof(p_value) when 'array' then 'list' else 'null' end));
    end if;

    select k into v_key from jsonb_object_keys(p_value) as k
    limit case (select count(*) from jsonb_object_keys(p_value)) when 1 then 1 else 0 end;
    if v_key in ('field', 'var') and jsonb_typeof(p_value -> v_key) = 'string' then
        if v_key = 'var' and p_mode = 'row' and 'vars' <> all (p_roots) then
            return automation_private.condition_error('unknown_variable',
                'a rule has no variables', 'name a field: {"field": "…"}');
        end if;
        v_reference := automation_private.resolve_reference(case v_key when 'var' then 'vars.'
            else '' end || (p_value ->> v_key), p_mode, p_roots);
        if v_reference.error is not null then
            return automation_private.condition_error('invalid_path', v_reference.error);
        elsif v_reference.reads = 'now' then
            return '{"kind": "now", "shift": "PT0S"}'::jsonb;
        end if;
        return jsonb_build_object('kind', 'field', 'path', v_reference.path,
            'reads', jsonb_build_array(v_reference.reads));
    elsif v_key = 'now' then
        v_shift := case when coalesce(p_value ->> v_key, '') in ('', '0') then 'PT0S'
            else automation_private.canonical_duration(ltrim(p_value ->> v_key, '+-')) end;
        if v_shift is null then
            return automation_private.condition_error('invalid_duration', format(
                '%s is not a duration', to_json(left(p_value ->> v_key, 64))),
                'write {"now": "-7d"}');
        end if;
        return jsonb_build_object('kind', 'now', 'shift',
            case when p_value ->> v_key like '-%' then '-' else '' end || v_shift);
    elsif v_key in ('add', 'sub', 'mul', 'div', 'neg') and p_depth <= 10 then
        return automation_private.compile_arithmetic(
            v_key, p_value -> v_key, p_mode, p_roots, p_depth + 1);
    end if;
    return automation_private.condition_error(
        case when p_depth > 10 then 'too_deep' else 'invalid_value' end,
        case when p_depth > 10 then 'arithmetic is nested too deeply'
            else 'an object cannot be compared' end,
        'a value is a constant, {"field": "…"}, {"now": "-7d"} or arithmetic: {"add": [a, b]}');
end
$$;

comment on function automation_private.compile_operand(jsonb, text, text[], int) is
'One side of a comparison as {kind, path, reads}: kind is constant, field, number (arithmetic) or
now (with its shift); or {error}.';
