create or replace function automation_private.note_capture_failure(
    p_table oid,
    p_operation text,
    p_sqlstate text,
    p_message text
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into automation_private.capture_failures (
        table_name, operation, sqlstate, message, failed_at
    )
    values (
        p_table::regclass::text, p_operation, p_sqlstate, p_message, automation_private.clock()
    );
    raise warning 'the changes of % were not captured: %', p_table::regclass, p_message;
end;
$$;

comment on function automation_private.note_capture_failure(oid, text, text, text) is
    'Remembers and warns that a statement''s changes could not be captured.';
