create or replace function automation_cmis.word_pattern(p_keyword text)
returns text
language sql
immutable
return (
    select ' ' || array_to_string(string_to_array(k.letters, null), ' ?') || ' '
    from (select replace(automation_cmis.split_words(p_keyword), ' ', '') as letters) as k
    where k.letters <> ''
);

comment on function automation_cmis.word_pattern(text) is
    'A pattern that finds a keyword among split_words, however it is written: "#DilmunCoffee" is '
    'found in "Dilmun Coffee" and the other way round, "art" is not found in "start". Null when '
    'the keyword has neither letters nor digits.';
