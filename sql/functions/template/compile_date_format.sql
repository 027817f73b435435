create or replace function automation_private.compile_date_format(p_format text)
returns text
language sql immutable
begin atomic
    with token as (
        select m.word[1] as word, m.ordinality
        from regexp_matches(
            p_format,
            '"[^"\\]*"'
            '|(?:FM)?(?:YYYY|YY|IYYY|Q|MM|IW|WW|DDD|DD|D|ID|HH24|HH12|HH|MI|SS|MS)(?:TH|th)?'
            '|(?:FM)?(?:MONTH|Month|month|MON|Mon|mon|DAY|Day|day|DY|Dy|dy|AM|PM|am|pm)'
            '|OF|[^A-Za-z"\\\x01]+',
            'g'
        ) with ordinality as m (word, ordinality)
    ),

    checked as (
        select
            string_agg(t.word, '' order by t.ordinality) as covered,
            string_agg(case
                when t.word = 'OF' then chr(1)
                when t.word ~* '^(month|day)$' then 'FM' || t.word
                else t.word
            end, '' order by t.ordinality) as compiled
        from token as t
    )

    select case when p_format = 'iso' then p_format else c.compiled end
    from checked as c
    where p_format = 'iso' or (c.covered = p_format and length(p_format) <= 100);
end;

comment on function automation_private.compile_date_format(text) is
    'A date format as format_date takes it: names of months and days lose their padding and the '
    'UTC offset becomes chr(1); null when a letter is no known code. iso stands for ISO 8601.';
