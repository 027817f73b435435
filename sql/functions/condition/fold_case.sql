create or replace function automation_private.fold_case(p_text text)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_capitals text;
begin
    if p_text !~ '[^\x01-\x7f]' then
        return lower(p_text collate "C");
    end if;
    -- translate() takes time for each letter it knows: it is told only those that occur.
    select coalesce(string_agg(distinct m[1], ''), '')
    into v_capitals
    from regexp_matches(p_text, '[À-ÞĀ-ŽΆ-ΫЀ-Я]', 'g') as m;
    return translate(lower(p_text collate "C"), v_capitals, translate(v_capitals,
        'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ'
        'ĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮĲĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽ'
        'ΆΈΉΊΌΎΏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫ'
        'ЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ',
        'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ'
        'āăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĳĵķĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷÿźżž'
        'άέήίόύώαβγδεζηθικλμνξοπρστυφχψωϊϋ'
        'ѐёђѓєѕіїјљњћќѝўџабвгдежзийклмнопрстуфхцчшщъыьэюя'));
end
$$;

comment on function automation_private.fold_case(text) is
'The text with Latin, Greek and Cyrillic capitals made small: the same on every database locale.';
