create or replace function automation.org_timezone()
returns text
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_timezone text;
begin
    select o.timezone into v_timezone
    from automation_private.org_settings as o
    where o.org_id = automation.current_org_id();
    return v_timezone;
end;
$$;

comment on function automation.org_timezone() is
    'The timezone of the current organisation; null without one.';
