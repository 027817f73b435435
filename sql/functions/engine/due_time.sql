create or replace function automation_private.due_time(
    p_delay jsonb,
    p_now timestamptz,
    p_timezone text
)
returns automation_private.moment
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_timezone text := coalesce(p_delay ->> 'timezone', p_timezone);
    v_offset text := ltrim(p_delay ->> 'offset', '-+');
    v_due timestamptz;
begin
    if p_delay ? 'for' then
        v_due := automation_private.add_duration(
            p_now, automation_private.parse_duration(p_delay ->> 'for'), v_timezone
        );
    elsif p_delay ? 'until' then
        v_due := automation_private.parse_instant(p_delay ->> 'until', v_timezone);
    else
        v_due := automation_private.next_local_time(
            p_now, p_delay ->> 'at', p_delay -> 'days', v_timezone
        );
    end if;
    if p_delay ? 'offset' then
        v_due := automation_private.add_duration(
            v_due,
            automation_private.parse_duration(v_offset)
            * case when p_delay ->> 'offset' like '-%' then -1 else 1 end,
            v_timezone
        );
    end if;
    if v_due is null or v_due > p_now + interval '5 years' then
        return (null, automation_private.error_object(
            'invalid_delay',
            'invalid',
            format('the delay has no valid end within five years: %s', p_delay)
        ))::automation_private.moment;
    end if;
    return (v_due, null)::automation_private.moment;
end;
$$;

comment on function automation_private.due_time(jsonb, timestamptz, text) is
    'When a delay ends: "for" a duration, "until" an instant, or the next local time "at" on '
    'allowed "days", plus or minus an "offset".';
