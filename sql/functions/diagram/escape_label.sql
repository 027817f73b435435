create or replace function automation_private.escape_label(p_text text, p_length int)
returns text
language sql
immutable
return (
    select coalesce(
        string_agg(
            case
                when c.letter ~ '[a-zA-Z0-9 ]' or ascii(c.letter) > 127 then c.letter
                else '#' || ascii(c.letter) || ';'
            end, '' order by c.ordinality
        ), ''
    )
    from (
        -- without control characters and what reorders or hides text
        select btrim(regexp_replace(
            p_text,
            '[[:cntrl:][:space:]\u0085\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+',
            ' ', 'g'
        )) as text
        offset 0 -- noqa: PRS
    ) as t
    cross join string_to_table(
        -- some things are looked for when codes have become letters: a word joiner parts them
        regexp_replace(
            case
                when length(t.text) > p_length then left(t.text, p_length - 1) || '…'
                else t.text
            end, '(fa[bklrs]?:(?=fa-)|\$(?=\$)|ﬂ(?=°)|¶(?=ß))', e'\\1\u2060', 'g'
        ), null
    ) with ordinality as c (letter, ordinality)
);

comment on function automation_private.escape_label(text, int) is
    'A text as Mermaid shows it between quotes, cut to a length: everything but letters, digits '
    'and blanks becomes a character code, so that nothing in it is markup.';
