create or replace function automation_cmis.mention_patterns(p_mention jsonb, p_context jsonb)
returns text[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        select automation_cmis.word_pattern(w.word)
        from cmis.monitoring_keywords as k
        cross join lateral (
            select k.keyword
            union
            select v.variation #>> '{}'
            from jsonb_path_query(
                k.variations, 'strict $[*] ? (@.type() == "string")', '{}', true
            ) as v (variation)
        ) as w (word)
        where k.org_id = (p_context ->> 'org_id')::uuid
            and k.keyword_id = (p_mention ->> 'keyword_id')::uuid
            and k.deleted_at is null
            and automation_cmis.word_pattern(w.word) is not null
    );
end;
$$;

comment on function automation_cmis.mention_patterns(jsonb, jsonb) is
    'What the keyword that found a mention, and its variations, look like among words.';
