create or replace function automation_private.place_capture(p_table regclass, p_event text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_event text;
begin
    -- the name of a table that was dropped is free again
    for v_event in
        delete from automation_private.watched_tables as w
        where not exists (select from pg_class as c where c.oid = w.table_name)
        returning w.event
    loop
        execute format('drop function if exists automation_capture.%I()', v_event);
    end loop;
    select w.event into v_event
    from automation_private.watched_tables as w
    where w.table_name = p_table and w.event <> p_event;
    if found then
        execute format('alter function automation_capture.%I() rename to %I', v_event, p_event);
    end if;
end;
$$;

comment on function automation_private.place_capture(regclass, text) is
    'Makes the name of a table''s capturing function free for it, and its own when it had another.';
