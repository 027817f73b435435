create or replace function automation_private.check_pattern(p_pattern text)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_bare text := replace(p_pattern, '\\', 'e');
    v_shorter text;
begin
    if length(p_pattern) not between 1 and 200 then
        return 'a pattern has 1 to 200 characters';
    elsif p_pattern ~ '[\x01-\x1f]' or p_pattern like '***%' then
        return 'a pattern has no control characters and no *** prefix';
    elsif v_bare ~ '\\[1-9]' then
        return 'a pattern has no back-references';
    elsif v_bare ~ '(^|[^\\])\(\?(?!:)' then
        return 'a pattern has no look-around and no embedded options; (?:…) is allowed';
    elsif automation_private.pattern_weight(p_pattern) > 100 then
        return 'a pattern has at most 95 wildcards, classes and counted repetitions';
    end if;

    v_bare := replace(regexp_replace(regexp_replace(v_bare, '\\.', 'e', 'g'),
        '\[\^?\]?(?:\[[:.=][a-z]*[:.=]\]|[^]])*\]', 'c', 'g'), '(?:', '(');
    loop
        if v_bare ~ '\([^()]*[*+?{][^()]*\)[*+{]' then
            return 'a pattern has no repeated group that itself holds a repetition';
        end if;
        v_shorter := regexp_replace(regexp_replace(v_bare, '\([^()*+?{]*\)', 'g', 'g'),
            '\([^()]*\)', 'r*', 'g');
        exit when v_shorter is not distinct from v_bare;
        v_bare := v_shorter;
    end loop;

    begin
        perform '' ~ p_pattern;
    exception when invalid_regular_expression then
        return format('the pattern cannot be compiled: %s', sqlerrm);
    end;
    return null;
end
$$;

comment on function automation_private.check_pattern(text) is
'Why a regular expression is refused, as a sentence; null when it is short, safe and can be
compiled.';
