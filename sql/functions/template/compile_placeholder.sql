create or replace function automation_private.compile_placeholder(p_source text, p_roots text[])
returns automation_private.compiled_template
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_segments text[] := array(
        select m.found[1]
        from regexp_matches('|' || p_source,
            '\|((?:[^''"|]|''(?:[^''\\]|\\.)*''|"(?:[^"\\]|\\.)*")*)', 'g')
            with ordinality as m (found, n)
        order by m.n
    );
    v_path text := btrim(v_segments[1], e' \t\r\n');
    v_reference automation_private.reference;
    v_filter automation_private.compiled_template;
    v_result automation_private.compiled_template;
begin
    if v_path ~ '^[''"]' then
        v_result.value := to_jsonb(automation_private.unescape_text(v_path));
        if v_path !~ '^(''(?:[^''\\]|\\.|'''')*''|"(?:[^"\\]|\\.)*")$'
            or cardinality(v_segments) > 1
            or v_result.value is null
        then
            v_result.errors := automation_private.build_error(null, 'template_syntax',
                'a quoted text stands alone between the braces, without filters');
        end if;
        return v_result;
    end if;

    v_reference := automation_private.resolve_reference(v_path, 'step', p_roots);
    if v_reference.error is not null then
        v_result.errors := automation_private.build_error(null, 'invalid_reference',
            'expected a path: ' || v_reference.error,
            case when v_path ~ '[-+*/%()=<>?]' then
                'templates do not calculate or call anything; use a set step with an expr' end);
        return v_result;
    elsif v_path ~ '^secrets\M' then
        v_result.reads := array['secrets'];
        v_result.value := to_jsonb(v_path);
        if v_path !~ '^secrets\.[A-Za-z][A-Za-z0-9_]{0,62}$' or cardinality(v_segments) > 1 then
            v_result.errors := automation_private.build_error(null, 'secret_reference',
                'a secret is written {{secrets.name}}, without filters');
        end if;
        return v_result;
    elsif cardinality(v_segments) > 17 then
        v_result.errors := automation_private.build_error(null, 'template_syntax',
            'an expression has at most 16 filters');
        return v_result;
    end if;

    v_result.reads := array[v_reference.reads];
    v_result.bindings := jsonb_build_array(
        automation_private.compile_path(v_reference.path), v_path);
    for v_i in 2 .. cardinality(v_segments) loop
        v_filter := automation_private.compile_filter(v_segments[v_i]);
        if v_filter.errors is not null then
            v_result.errors := v_filter.errors || jsonb_build_object('at', 1
                + length(array_to_string(v_segments[1:v_i - 1], '|'))
                + length(substring(v_segments[v_i] from '^\s*')));
            return v_result;
        end if;
        v_result.bindings := v_result.bindings || jsonb_build_array(v_filter.value);
    end loop;
    return v_result;
end;
$$;

comment on function automation_private.compile_placeholder(text, text[]) is
    'What stands between two pairs of braces: in bindings the list [path, name, filter, …], in '
    'value the literal text or the secret it names, or in errors its first error: one object, '
    'which may say how many characters after the braces it lies (at).';
