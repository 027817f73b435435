create or replace function automation_private.pattern_weight(p_pattern text)
returns int
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_bare text := replace(p_pattern, '\\', 'e');
begin
    return 5 + ((select count(*) from regexp_matches(v_bare, '\\[A-Za-z]|\.|\[', 'g'))
        + (
            select coalesce(sum(greatest(m.bounds[1]::int, nullif(m.bounds[2], '')::int)), 0)
            from regexp_matches(v_bare, '\{(\d{1,3}),?(\d{0,3})\}', 'g') as m (bounds)
        ))::int;
end
$$;

comment on function automation_private.pattern_weight(text) is
'How much a regular expression may cost on hostile text: 5, plus its wildcards, classes and counted
repetitions.';
