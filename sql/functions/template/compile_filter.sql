create or replace function automation_private.compile_filter(p_source text)
returns automation_private.compiled_template
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    c_argument constant text := '''(?:[^''\\]|\\.|'''')*''|"(?:[^"\\]|\\.)*"'
        '|-?(?:0|[1-9]\d{0,37})(?:\.\d{1,37})?|true|false|null|\[\]';
    v_name text := substring(p_source from '^\s*([A-Za-z_]\w*)');
    v_kinds jsonb := automation_private.list_filters() -> v_name;
    v_is_whole boolean := p_source ~ format('^\s*[A-Za-z_]\w*\s*(?::\s*(?:%s)\s*)*$', c_argument);
    v_arguments text[];
    v_argument jsonb;
    v_nearest text;
    v_result automation_private.compiled_template;
begin
    if v_kinds is null and not v_is_whole then
        v_result.errors := automation_private.build_error(null, 'template_syntax',
            format('expected a filter such as upper or truncate:40, not %s',
                coalesce(nullif(to_json(btrim(left(p_source, 64)))::text, '""'), 'nothing')),
            'write | name:argument; text arguments stand in quotes');
        return v_result;
    elsif v_kinds is null then
        v_nearest := automation_private.suggest_word(v_name,
            array(select jsonb_object_keys(automation_private.list_filters())));
        v_result.errors := automation_private.build_error(null, 'unknown_filter',
            format('there is no filter "%s"', v_name),
            coalesce('did you mean ' || v_nearest || '?', format('the filters are %s', (
                select string_agg(f.name, ', ' order by f.name)
                from jsonb_object_keys(automation_private.list_filters()) as f (name)))));
        return v_result;
    end if;

    v_result.value := jsonb_build_array(v_name);
    v_arguments := array(
        select m.found[1]
        from regexp_matches(p_source, format(':\s*(%s)', c_argument), 'g')
            with ordinality as m (found, n)
        order by m.n
    );
    for v_i in 1 .. cardinality(v_arguments) loop
        v_argument := automation_private.compile_argument(
            rtrim(v_kinds ->> (v_i - 1), '?'), v_arguments[v_i]);
        exit when v_argument is null;
        v_result.value := v_result.value || jsonb_build_array(v_argument);
    end loop;

    if not v_is_whole
        or jsonb_array_length(v_result.value) <= cardinality(v_arguments)
        or cardinality(v_arguments) < (
            select count(*) from jsonb_array_elements_text(v_kinds) as k (kind)
            where right(k.kind, 1) <> '?')
    then
        v_result.errors := automation_private.build_error(null, 'filter_arguments',
            format('the filter is written %s', automation_private.describe_filter(v_name)),
            case when v_kinds ? 'format?' then
                'the codes are YYYY YY MM Month Mon DD Day Dy DDD HH24 HH12 MI SS MS AM Q IW IYYY '
                'ID OF, or iso alone; other words go in "double quotes"; time zones are Area/City'
            end);
    end if;
    return v_result;
end;
$$;

comment on function automation_private.compile_filter(text) is
    'One filter of an expression as the list [name, argument, …] in value, or its error (one '
    'object).';
