create or replace function automation_private.encode_url(p_text text)
returns text
language sql immutable
begin atomic
    select coalesce(string_agg(case
        when m.run[1] ~ '^[A-Za-z0-9_.~-]' then m.run[1]
        else upper(regexp_replace(encode(convert_to(m.run[1], 'UTF8'), 'hex'), '(..)', '%\1', 'g'))
    end, '' order by m.ordinality), '')
    from regexp_matches(p_text, '[A-Za-z0-9_.~-]+|[^A-Za-z0-9_.~-]+', 'g')
        with ordinality as m (run, ordinality);
end;

comment on function automation_private.encode_url(text) is
    'Text as one component of a URL: all but letters, digits and - . _ ~ percent-encoded as '
    'UTF-8.';
