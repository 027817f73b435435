create or replace function automation_private.limit_window(
    p_per text,
    p_now timestamptz,
    p_timezone text,
    out window_start timestamptz,
    out window_end timestamptz,
    out rolling interval
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_local constant timestamp := p_now at time zone p_timezone;
    v_begin timestamp;
begin
    if p_per like 'rolling %' then
        -- elapsed time, whatever clocks do meanwhile
        rolling := make_interval(secs => extract(
            epoch from automation_private.parse_duration(substr(p_per, 9))
        )::float8);
        window_start := '-infinity';
        window_end := p_now + rolling;
        return;
    end if;
    v_begin := date_trunc(p_per, v_local);
    if p_per in ('minute', 'hour') then
        -- so that an hour that comes twice is two
        window_start := p_now - (v_local - v_begin);
        window_end := window_start + case p_per
            when 'hour' then interval '1 hour' else interval '1 minute'
        end;
    else
        window_start := automation_private.local_instant(v_begin, p_timezone);
        window_end := automation_private.local_instant(
            v_begin + ('1 ' || p_per)::interval, p_timezone
        );
    end if;
end;
$$;

comment on function automation_private.limit_window(text, timestamptz, text) is
    'The window of a limit that an instant lies in: from one local beginning to the next, or up to '
    'the instant.';
