create or replace function automation.watch_table(
    p_table regclass,
    p_event text,
    p_columns text[],
    p_org_column text default 'org_id',
    p_deleted_column text default 'deleted_at'
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_columns name[] := automation.register_watch(
        p_table, p_event, p_columns, p_org_column, p_deleted_column
    );
begin
    -- dynamic, because the table's name is; regclass and %I quote what they print
    execute format(
        'create or replace trigger automation_captures_created after insert on %s '
        'referencing new table as new_rows '
        'for each statement execute function automation_capture.%I()', p_table, p_event
    );
    execute format(
        'create or replace trigger automation_captures_updated after update on %s '
        'referencing new table as new_rows old table as old_rows '
        'for each statement execute function automation_capture.%I()', p_table, p_event
    );
    execute format(
        'create or replace trigger automation_captures_deleted after delete on %s '
        'referencing old table as old_rows '
        'for each statement execute function automation_capture.%I()', p_table, p_event
    );
    execute format('grant usage on schema %s to automation_actor', (
        select c.relnamespace::regnamespace from pg_class as c where c.oid = p_table
    ));
    execute format(
        'grant select (%s) on %s to automation_actor',
        (select string_agg(quote_ident(c.name), ', ') from unnest(v_columns) as c (name)), p_table
    );
    if not has_schema_privilege('automation_actor', (
        select c.relnamespace from pg_class as c where c.oid = p_table
    ), 'usage') then
        raise exception using
            errcode = 'insufficient_privilege',
            message = 'automation_actor may not use the table''s schema',
            detail = format('table %s', p_table),
            hint = 'let the owner of the schema grant usage on it to automation_actor';
    end if;
end;
$$;

comment on function automation.watch_table(regclass, text, text[], text, text) is
    'Lets changes of a table be events: <event>.created, <event>.updated and <event>.deleted, with '
    'the key and the columns named. Calling it again changes what is captured. A row whose '
    'p_deleted_column is set counts as deleted; the column need not exist. Rows written straight '
    'into a partition are not seen: watch the partition, too. Needs an administrator who owns the '
    'table.';
