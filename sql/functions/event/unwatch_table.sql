create or replace function automation.unwatch_table(p_table regclass)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- dynamic, because the table's name is; regclass quotes what it prints
    execute format('drop trigger if exists automation_captures_created on %s', p_table);
    execute format('drop trigger if exists automation_captures_updated on %s', p_table);
    execute format('drop trigger if exists automation_captures_deleted on %s', p_table);
    perform automation.unregister_watch(p_table);
end;
$$;

comment on function automation.unwatch_table(regclass) is
    'Stops capturing changes of a table. What was captured stays. Needs an administrator who owns '
    'the table.';
