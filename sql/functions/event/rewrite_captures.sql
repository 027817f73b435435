create or replace function automation_private.rewrite_captures()
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_watched record;
    v_changes jsonb;
begin
    for v_watched in
        select w.*
        from automation_private.watched_tables as w
        inner join pg_class as c on c.oid = w.table_name
    loop
        v_changes := automation_private.build_capture(
            v_watched.table_name, v_watched.event, v_watched.columns, v_watched.key_columns,
            v_watched.org_column, v_watched.deleted_column
        );
        perform automation_private.write_capture(
            v_watched.table_name, v_watched.event, v_changes
        );
        update automation_private.watched_tables as w
        set read_current = v_changes ->> 'current'
        where w.table_name = v_watched.table_name;
    end loop;
end;
$$;

comment on function automation_private.rewrite_captures() is
    'Writes the trigger functions of all watched tables anew, after the engine''s code has '
    'changed.';
