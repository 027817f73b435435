create or replace function automation_private.split_path(p_text text)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_key constant text :=
        '[A-Za-z_\u00c0-\u1fff\u3040-\ud7ff][A-Za-z0-9_\u00c0-\u1fff\u3040-\ud7ff]*';
    v_quoted constant text := '\["(?:[^"\\]|\\.)*"\]|\[''(?:[^''\\]|\\.|'''')*''\]';
    v_part text;
    v_segments jsonb[] := '{}'::jsonb[];
begin
    if p_text !~ format(
        '^(?:%1$s|%2$s)(?:\.%1$s|\[\d{0,9}\]|\[\*\]|%2$s)*$', v_key, v_quoted)
    then
        return null;
    end if;
    for v_part in
        select m[1]
        from regexp_matches(p_text, format('%s|\[[\d*]*\]|%s', v_key, v_quoted), 'g') as m
    loop
        v_segments := v_segments || case
            when v_part ~ '^\[\d+\]$' then to_jsonb(btrim(v_part, '[]')::int)
            when v_part ~ '^\[\*?\]$' then '[]'
            when v_part like '[%'
                then to_jsonb(automation_private.unescape_text(
                    substr(v_part, 2, length(v_part) - 2)))
            else to_jsonb(v_part) end;
    end loop;
    return case when array_position(v_segments, null) is null then to_jsonb(v_segments) end;
end
$$;

comment on function automation_private.split_path(text) is
'The segments of a path such as a.b[0]["odd key"][]: text for a key, a number for an index, an
empty list for all items; null when the path is malformed.';
