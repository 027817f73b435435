create or replace function automation_private.tokenise_condition(p_text text)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_token text;
    v_kind text;
    v_at int := 1;
    v_tokens jsonb[] := '{}'::jsonb[];
begin
    for v_token in
        select m[1]
        from regexp_matches(p_text,
            '\s+|\d+(?:ms|s|m|h|d|w)(?![A-Za-z0-9_])|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?'
            '|[iI][nN](?=\[)|(?![iI][nN]\[)'
            '[A-Za-z_\u00c0-\u1fff\u3040-\ud7ff][A-Za-z0-9_\u00c0-\u1fff\u3040-\ud7ff]*'
            '(?:\.[A-Za-z_\u00c0-\u1fff\u3040-\ud7ff][A-Za-z0-9_\u00c0-\u1fff\u3040-\ud7ff]*'
            '|\[(?:\d*|\*)\]|\["(?:[^"\\]|\\.)*"\]|\[''(?:[^''\\]|\\.|'''')*''\])*'
            '|"(?:[^"\\]|\\.)*"|''(?:[^''\\]|\\.|'''')*'''
            '|==|!=|<>|<=|>=|.', 'g') as m
    loop
        v_kind := case
            when v_token ~ '^\s' then null
            when v_token ~ '^\d.*[smhdw]$' then 'duration'
            when v_token ~ '^\d' then 'number'
            when v_token ~ '^["'']' then case when length(v_token) > 1 then 'text' else 'other' end
            when v_token ~ '^[A-Za-z_\u00c0-\u1fff\u3040-\ud7ff]' then 'name'
            when v_token in ('=', '==', '!=', '<>', '<', '<=', '>', '>=', '+', '-', '*', '/', '(',
                ')', '[', ']', ',') then 'symbol'
            else 'other' end;
        if v_kind is not null then
            v_tokens := v_tokens || jsonb_build_object(
                'kind', v_kind, 'source', v_token, 'at', v_at);
        end if;
        v_at := v_at + length(v_token);
    end loop;
    return to_jsonb(v_tokens || jsonb_build_object('kind', 'end', 'source', '', 'at', v_at));
end
$$;

comment on function automation_private.tokenise_condition(text) is
'The words of a condition''s string form as a list of {kind, source, at}; kind other marks a
character that has no place in it, the last one is of kind end.';
