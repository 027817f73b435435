create or replace function automation_private.compile_argument(p_kind text, p_source text)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_quote text := left(p_source, 1);
    v_text text;
begin
    if v_quote in ('''', '"') then
        v_text := automation_private.unescape_text(p_source);
    end if;

    return case p_kind
        when 'value' then coalesce(to_jsonb(v_text),
            case when v_quote not in ('''', '"') then p_source::jsonb end)
        when 'count' then case when p_source ~ '^\d{1,5}$' then p_source::jsonb end
        when 'digits' then case
            when p_source ~ '^\d{1,2}$' and p_source::integer <= 20 then p_source::jsonb end
        when 'text' then case when length(v_text) <= 100 then to_jsonb(v_text) end
        when 'needle' then case when length(v_text) between 1 and 100 then to_jsonb(v_text) end
        when 'format' then to_jsonb(automation_private.compile_date_format(v_text))
        when 'timezone' then
            case when automation_private.is_timezone(v_text) then to_jsonb(v_text) end
    end;
end;
$$;

comment on function automation_private.compile_argument(text, text) is
    'A filter''s argument as the kind it has to be; null when it is not of that kind.';
