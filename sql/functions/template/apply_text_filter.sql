create or replace function automation_private.apply_text_filter(p_text text, p_filter jsonb)
returns text
language sql immutable
return case p_filter ->> 0
    when 'upper' then upper(p_text)
    when 'lower' then lower(p_text)
    when 'trim' then btrim(p_text, e' \t\r\n\u00a0')
    when 'truncate' then case
        when length(p_text) <= (p_filter ->> 1)::integer then p_text
        else left(
            p_text,
            greatest((p_filter ->> 1)::integer - length(coalesce(p_filter ->> 2, '…')), 0)
        ) || left(coalesce(p_filter ->> 2, '…'), (p_filter ->> 1)::integer)
    end
    when 'replace' then replace(p_text, p_filter ->> 1, p_filter ->> 2)
    when 'urlencode' then automation_private.encode_url(p_text)
    when 'htmlescape' then automation_private.escape_html(p_text)
    when 'slug' then automation_private.make_slug(p_text)
end;

comment on function automation_private.apply_text_filter(text, jsonb) is
    'What a filter that turns text into text makes of it.';
