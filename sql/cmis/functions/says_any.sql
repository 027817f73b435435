create or replace function automation_cmis.says_any(p_value jsonb, p_patterns text[])
returns boolean
language sql
immutable
return exists (
    select
    from jsonb_path_query(p_value, 'strict $.** ? (@.type() == "string")') as t (value)
    inner join unnest(p_patterns) as p (pattern)
        on automation_cmis.split_words(t.value #>> '{}') ~ p.pattern
);

comment on function automation_cmis.says_any(jsonb, text[]) is
    'Whether one of the texts in a value, at any depth, has words that fit one of the patterns.';
