create or replace function automation_private.make_slug(p_text text)
returns text
language sql immutable
return btrim(
    regexp_replace(
        lower(normalize(
            regexp_replace(normalize(p_text, nfkd), '[\u0300-\u036f''\u2019]+', '', 'g'), nfc
        )),
        '[\x01-\x2f\x3a-\x60\x7b-\xbf\u060c\u061b\u061f\u2000-\u206f\u3000-\u303f]+', '-', 'g'
    ),
    '-'
);

comment on function automation_private.make_slug(text) is
    'Text for a readable URL: lower case, accents and apostrophes dropped, everything else '
    'between words a hyphen; letters of other scripts stay.';
