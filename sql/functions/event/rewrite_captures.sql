create or replace function automation_private.rewrite_captures()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_watched automation_private.watched_tables;
begin
    for v_watched in
        select w.*
        from automation_private.watched_tables as w
        inner join pg_class as c on c.oid = w.table_name
    loop
        begin
            update automation_private.watched_tables as w
            set column_types = automation_private.list_column_types(
                w.table_name, w.columns || w.org_column
            )
            where w.table_name = v_watched.table_name;
            perform automation_private.write_capture(
                v_watched.table_name, v_watched.event, automation_private.build_capture(v_watched)
            );
        exception when others then
            if automation_private.must_reraise(sqlstate) then
                raise;
            end if;
            -- a table that has lost a column must not keep the engine from its new code
            perform automation_private.note_capture_failure(
                v_watched.table_name, 'REWRITE', sqlstate, sqlerrm
            );
        end;
    end loop;
end;
$$;

comment on function automation_private.rewrite_captures() is
    'Writes the trigger functions of all watched tables anew, after the engine''s code has '
    'changed.';
