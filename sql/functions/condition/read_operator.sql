create or replace function automation_private.read_operator(p_tokens jsonb, p_at int)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_word text := lower(p_tokens -> p_at ->> 'source');
    v_kind text := p_tokens -> p_at ->> 'kind';
    v_rank int := ('{"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6}'::jsonb
        ->> v_word)::int;
    v_operator jsonb;
    v_found jsonb;
begin
    if v_rank is not null then
        return jsonb_build_object('op', v_word, 'shape', 'infix', 'words', 1, 'shown', v_word,
            'rank', v_rank);
    elsif v_kind not in ('name', 'symbol') then
        return null;
    end if;
    for v_words in 1..3 loop
        v_operator := automation_private.find_operator(v_word);
        if v_operator is not null then
            v_found := v_operator || jsonb_build_object('words', v_words, 'rank', 4,
                'shown', replace(v_word, '_', ' '));
        end if;
        exit when v_kind = 'symbol' or p_tokens -> (p_at + v_words) ->> 'kind' <> 'name';
        v_word := v_word || '_' || lower(p_tokens -> (p_at + v_words) ->> 'source');
    end loop;
    return v_found;
end
$$;

comment on function automation_private.read_operator(jsonb, int) is
'The operator that begins at a token, the longest that fits (is not set before is): its name, its
value''s shape, how many words it takes and how tightly it binds; null when none begins there.';
