create or replace function automation_private.format_date(
    p_value jsonb, p_format text, p_zone text, p_timezone text
)
returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_text text := p_value #>> '{}';
    v_number numeric := case when jsonb_typeof(p_value) = 'number' then p_value::numeric end;
    v_instant timestamptz;
begin
    if v_number is not null then
        -- as seconds such a number would be a date after the year 5138, so it is milliseconds
        v_number := case when abs(v_number) < 1e11 then v_number else v_number / 1000 end;
        if v_number between -62135596800 and 253402214400 then
            v_instant := to_timestamp(v_number::double precision);
        end if;
    elsif v_text ~ '^\d{4}-\d\d-\d\d$' then
        -- a day is the same day everywhere
        v_instant := automation_private.parse_instant(v_text, p_zone);
    else
        v_instant := automation_private.parse_instant(v_text, p_timezone);
    end if;

    if p_format = 'iso' then
        return automation_private.format_instant(v_instant, p_zone);
    end if;
    return replace(
        to_char(v_instant at time zone p_zone, p_format),
        chr(1), right(automation_private.format_instant(v_instant, p_zone), 6)
    );
end;
$$;

comment on function automation_private.format_date(jsonb, text, text, text) is
    'An instant (ISO 8601 text, or seconds or milliseconds since 1970) in a compiled format and a '
    'zone; local times are read in p_timezone; null when the value is no date.';
