create or replace function automation_private.parse_instant(p_text text, p_timezone text)
returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_part text[] := regexp_match(p_text,
        '^(\d{4})-(\d{2})-(\d{2})'
        '(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$');
    v_month int := v_part[2]::int;
    v_offset text := translate(v_part[7], 'Z+-:', '');
begin
    if v_part is null
        or v_part[1] = '0000'
        or v_month not between 1 and 12
        or v_part[3]::int not between 1 and (case
            when v_month in (4, 6, 9, 11) then 30
            when v_month <> 2 then 31
            when v_part[1]::int % 4 = 0 and (v_part[1]::int % 100 <> 0 or v_part[1]::int % 400 = 0)
                then 29
            else 28 end)
        or v_part[4]::int > 23
        or v_part[5]::int > 59
        or v_part[6]::int > 59
        or left(v_offset, 2) > '15'
        or substr(v_offset, 3) > '59'
    then
        return null;
    elsif v_part[7] is null then
        return replace(p_text, 'T', ' ')::timestamp at time zone p_timezone;
    end if;
    return p_text::timestamptz;
end
$$;

comment on function automation_private.parse_instant(text, text) is
'The instant that an ISO 8601 text names; a bare date is its midnight and a local time is local in
the zone; null when the text is nothing of that kind.';
