create or replace function automation_cmis.split_words(p_text text)
returns text
language sql
immutable
return ' ' || btrim(
    -- some of these are punctuation or not, depending on who provides the collation
    regexp_replace(lower(p_text), '[[:space:][:punct:]$+<=>^`|~]+', ' ', 'g')
) || ' ';

comment on function automation_cmis.split_words(text) is
    'The words of a text in lower case, with one blank before, between and after them.';
