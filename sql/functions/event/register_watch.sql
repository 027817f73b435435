create or replace function automation.register_watch(
    p_table regclass,
    p_event text,
    p_columns text[],
    p_org_column text,
    p_deleted_column text
)
returns name[]
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_keys name[];
    v_deleted name := (
        select a.attname from pg_attribute as a
        where a.attrelid = p_table and a.attname = p_deleted_column and a.attnum > 0
            and not a.attisdropped
    );
    v_columns name[];
    v_watched automation_private.watched_tables;
begin
    perform automation_private.require_admin();
    if not has_table_privilege(session_user, p_table, 'trigger') then
        raise exception using
            errcode = 'insufficient_privilege',
            message = format('permission denied for table %s', p_table),
            hint = 'who watches a table needs TRIGGER on it';
    end if;
    perform automation_private.require_watchable(
        p_table, p_event, p_columns, p_org_column, p_deleted_column
    );
    v_keys := automation_private.list_key_columns(p_table, p_org_column);
    v_columns := array(
        select c.name
        from unnest(v_keys || p_columns::name[]) with ordinality as c (name, ordinality)
        group by c.name
        order by min(c.ordinality)
    );
    perform automation_private.place_capture(p_table, p_event);
    insert into automation_private.watched_tables as w (
        table_name, event, columns, key_columns, org_column, deleted_column, column_types,
        watched_at
    )
    values (
        p_table, p_event, v_columns, v_keys, p_org_column, v_deleted,
        automation_private.list_column_types(p_table, v_columns || p_org_column::name),
        automation_private.clock()
    )
    on conflict (table_name) do update
        set
            event = excluded.event,
            columns = excluded.columns,
            key_columns = excluded.key_columns,
            org_column = excluded.org_column,
            deleted_column = excluded.deleted_column,
            column_types = excluded.column_types,
            watched_by = session_user,
            watched_at = excluded.watched_at
    returning w.* into v_watched;
    perform automation_private.write_capture(
        p_table, p_event, automation_private.build_capture(v_watched)
    );
    return array_remove(v_columns || p_org_column::name || v_deleted, null);
end;
$$;

comment on function automation.register_watch(regclass, text, text[], text, text) is
    'The part of watch_table that needs no rights on the table: checks what is to be captured, '
    'writes the function that does it, and returns the columns that are read. Administrators only.';
