create or replace function automation.register_org(
    p_org_id uuid,
    p_timezone text default 'UTC',
    p_max_in_flight int default 1000
)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_timezone text;
begin
    perform automation_private.require_admin();
    select z.name into v_timezone
    from pg_timezone_names as z
    where lower(z.name) = lower(p_timezone) and z.name !~ '^(posix|right)/';
    if p_org_id is null or v_timezone is null or coalesce(p_max_in_flight, 0) < 1 then
        raise exception using
            errcode = 'MA001',
            message = 'an organisation needs an id, a timezone and a cap of at least 1',
            detail = format(
                'org_id %s, timezone %s, max_in_flight %s', p_org_id, p_timezone, p_max_in_flight
            ),
            hint = 'timezones are IANA names such as Asia/Bahrain';
    end if;
    insert into automation_private.org_settings (org_id, timezone, max_in_flight)
    values (p_org_id, v_timezone, p_max_in_flight)
    on conflict (org_id) do update
        set timezone = excluded.timezone, max_in_flight = excluded.max_in_flight;
end;
$$;

comment on function automation.register_org(uuid, text, int) is
    'Makes an organisation known to the engine, or changes its timezone and in-flight cap. '
    'Administrators only.';
