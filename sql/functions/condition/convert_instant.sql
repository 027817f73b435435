create or replace function automation_private.convert_instant(
    p_at timestamptz, p_as text, p_as_of timestamptz, p_timezone text
)
returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_local timestamp := p_at at time zone p_timezone;
    v_today date := (p_as_of at time zone p_timezone)::date;
begin
    return case p_as
        when 'timestamp' then to_jsonb(extract(epoch from p_at))
        when 'date' then to_jsonb(v_local::date - date '1970-01-01')
        when 'weekday' then to_jsonb(extract(isodow from v_local)::int)
        when 'daytime' then to_jsonb(extract(epoch from v_local::time))
        when 'business_day' then to_jsonb(extract(isodow from v_local) < 6)
        when 'anniversary' then to_jsonb(
            extract(year from v_local) < extract(year from v_today)
            and (v_local::date + make_interval(
                years => (extract(year from v_today) - extract(year from v_local))::int
            ))::date = v_today)
        end;
end
$$;

comment on function automation_private.convert_instant(timestamptz, text, timestamptz, text) is
'An instant as the number or boolean that a temporal condition compares: epoch seconds, day, weekday
(1 Monday), seconds of the day, working day (Monday to Friday), anniversary of today.';
