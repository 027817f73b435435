create or replace function automation_private.suggest_word(p_word text, p_known text[])
returns text
language sql immutable
begin atomic
    with near as (
        select
            k.word,
            automation_private.measure_distance(lower(p_word), lower(k.word)) as distance
        from unnest(p_known) as k (word)
        where
            length(p_word) <= 64
            and abs(length(k.word) - length(p_word)) <= length(p_word) / 3
    )

    select n.word
    from near as n
    where n.distance <= case when length(p_word) < 4 then 1 else greatest(2, length(p_word) / 3) end
    order by n.distance, n.word
    limit 1;
end;

comment on function automation_private.suggest_word(text, text[]) is
    'The known word that somebody who wrote p_word probably meant; null when none is near.';
