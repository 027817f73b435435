create or replace function automation.unregister_watch(p_table regclass)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_event text;
begin
    perform automation_private.require_admin();
    delete from automation_private.watched_tables as w
    where w.table_name = p_table
    returning w.event into v_event;
    if v_event is null then
        raise exception using
            errcode = 'MA002',
            message = 'the table is not watched',
            detail = format('table %s', p_table);
    end if;
    execute format('drop function if exists automation_capture.%I()', v_event);
end;
$$;

comment on function automation.unregister_watch(regclass) is
    'The part of unwatch_table that needs no rights on the table: forgets how it was captured. '
    'Administrators only.';
