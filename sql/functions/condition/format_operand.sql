create or replace function automation_private.format_operand(p_value jsonb)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key text;
    v_text text;
    v_duration text[];
begin
    if jsonb_typeof(p_value) = 'array' then
        return (
            select '(' || string_agg(automation_private.format_operand(e.value), ', ' order by e.at)
                || ')'
            from jsonb_array_elements(p_value) with ordinality as e (value, at)
        );
    elsif jsonb_typeof(p_value) = 'string' then
        -- jsonb escapes more than the string form does, and never writes a raw control character.
        v_text := replace(substr(p_value::text, 2, length(p_value::text) - 2), '\\', e'\x01');
        v_text := replace(replace(replace(replace(v_text,
            '\"', '"'), '\b', '\u0008'), '\f', '\u000c'), '\r', '\u000d');
        return '''' || replace(replace(v_text, '''', ''''''), e'\x01', '\\') || '''';
    elsif jsonb_typeof(p_value) <> 'object' then
        return p_value::text;
    end if;

    v_key := (select key from jsonb_object_keys(p_value) as key limit 1);
    if v_key in ('field', 'var') then
        return case v_key when 'var' then 'vars.' else '' end || (p_value ->> v_key);
    elsif v_key = 'now' then
        v_text := ltrim(p_value ->> v_key, '-');
        v_duration := regexp_match(v_text, '^P(?:(\d+)([DW])|T(\d+)([HMS]))$');
        return 'now' || case when v_text = 'PT0S' then '' else format(' %s %s',
            case when p_value ->> v_key like '-%' then '-' else '+' end,
            coalesce(v_duration[1] || lower(v_duration[2]), v_duration[3] || lower(v_duration[4]),
                format('''%s''', v_text))) end;
    elsif v_key = 'neg' then
        return format('-(%s)', automation_private.format_operand(p_value -> v_key));
    end if;
    return (
        select '(' || string_agg(automation_private.format_operand(e.value), case v_key
            when 'add' then ' + ' when 'sub' then ' - ' when 'mul' then ' * ' else ' / ' end
            order by e.at) || ')'
        from jsonb_array_elements(p_value -> v_key) with ordinality as e (value, at)
    );
end
$$;

comment on function automation_private.format_operand(jsonb) is
'One side of a comparison in string form.';
