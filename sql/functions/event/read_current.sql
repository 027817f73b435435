create or replace function automation_private.read_current(
    p_statement text,
    p_org_id uuid,
    p_entity text
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set extra_float_digits = 1
as $$
declare
    v_names constant text[] := array[
        'app.current_org_id', 'app.context_initialized', 'app.context_version', 'lock_timeout'
    ];
    v_before constant text[] := array(
        select coalesce(current_setting(n.name, true), '') from unnest(v_names) as n (name)
    );
    v_row jsonb;
begin
    -- the table's policies see the tenant, and nobody who locks it stops the clock
    perform set_config(s.name, s.setting, true)
    from unnest(v_names, array[p_org_id::text, 'true', '2.0', '300ms']) as s (name, setting);
    -- dynamic, because each table has its columns; watch_table has quoted every name
    execute p_statement into v_row using p_org_id, p_entity;
    perform set_config(s.name, s.setting, true)
    from unnest(v_names, v_before) as s (name, setting);
    return v_row;
end;
$$;

comment on function automation_private.read_current(text, uuid, text) is
    'A row of a watched table as it is now, read as automation_actor inside the tenant; null when '
    'it is gone.';
