create or replace function automation_private.finish_errors(p_errors jsonb)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not p_errors @? '$[*].known' then
        return p_errors;
    end if;
    -- looking for the word that was meant is slow, and hostile input has thousands of unknown words
    return (
        select jsonb_agg(
            e.error - 'word' - 'known' || jsonb_strip_nulls(jsonb_build_object('hint', coalesce(
                e.error ->> 'hint',
                'did you mean "' || automation_private.suggest_word(
                    case when e.rank <= 20 then e.error ->> 'word' end,
                    array(select jsonb_array_elements_text(e.error -> 'known'))
                ) || '"?',
                'known are ' || nullif(left((
                    select string_agg(k.name, ', ' order by k.ordinality)
                    from jsonb_array_elements_text(e.error -> 'known')
                        with ordinality as k (name, ordinality)
                ), 500), '')
            ))) order by e.ordinality
        )
        from (
            select
                l.value as error, l.ordinality,
                count(*) filter (where l.value ? 'known') over (order by l.ordinality) as rank
            from jsonb_array_elements(p_errors) with ordinality as l
        ) as e
    );
end;
$$;

comment on function automation_private.finish_errors(jsonb) is
    'The errors with their hints: the known word that was probably meant, else what is known.';
