create or replace function automation_private.unescape_text(p_quoted text)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_body text := substr(p_quoted, 2, length(p_quoted) - 2);
begin
    if v_body ~ '[\x01-\x08\x0b\x0c\x0e-\x1f]' or v_body !~ (
        '^([^\\]|\\[nt\\''"]'
        '|\\u(?!0000|[dD][89a-fA-F])[0-9a-fA-F]{4}'
        '|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})*$')
    then
        return null;
    end if;
    v_body := replace(replace(replace(v_body, '\\', '\u005c'), '\''', '\u0027'), '\"', '\u0022');
    if p_quoted like '''%' then
        v_body := replace(v_body, '''''', '\u0027');
    end if;
    v_body := replace(replace(replace(replace(v_body,
        '"', '\u0022'), e'\n', '\n'), e'\r', '\r'), e'\t', '\t');
    return ('"' || v_body || '"')::jsonb #>> '{}';
end
$$;

comment on function automation_private.unescape_text(text) is
'What a text in single or double quotes stands for, its escapes (\n \t \\ \'' \" \uXXXX) resolved;
null when an escape is unknown, or a control character stands in it.';
