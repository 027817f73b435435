create or replace function automation.list_capture_failures(
    p_since timestamptz default '-infinity'
)
returns table (
    failed_at timestamptz,
    table_name text,
    operation text,
    sqlstate text,
    message text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform automation_private.require_admin();
    return query
    select f.failed_at, f.table_name, f.operation, f.sqlstate, f.message
    from automation_private.capture_failures as f
    where f.failed_at >= p_since
    order by f.failure_id desc
    limit 1000;
end;
$$;

comment on function automation.list_capture_failures(timestamptz) is
    'Statements of watched tables whose events are missing, the latest first, at most 1,000. '
    'Administrators only.';
