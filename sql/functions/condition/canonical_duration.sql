create or replace function automation_private.canonical_duration(p_text text)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_interval interval := automation_private.parse_duration(btrim(p_text));
    v_part text[];
begin
    if coalesce(v_interval > interval '100 years', true) then
        return null;
    elsif btrim(p_text) like 'P%' then
        return btrim(p_text);
    end if;

    v_part := regexp_match(lower(btrim(p_text)), '^(\d+) ?([smhdwy])[a-z]*$');
    return case
        when v_part is null or lower(btrim(p_text)) ~ 'ms$|milli'
            then format('PT%sS', trim_scale(extract(epoch from v_interval)))
        when lower(btrim(p_text)) like '%month%' then format('P%sM', v_part[1])
        when v_part[2] in ('s', 'm', 'h') then format('PT%s%s', v_part[1], upper(v_part[2]))
        else format('P%s%s', v_part[1], upper(v_part[2]))
    end;
end
$$;

comment on function automation_private.canonical_duration(text) is
'A duration such as 7d or 2 hours in ISO 8601 form (P7D, PT2H); null when it is not one, or is
longer than 100 years.';
