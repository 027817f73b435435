create or replace function automation_private.write_capture(
    p_table regclass,
    p_event text,
    p_changes jsonb
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- dynamic, because each table has its columns; what was built from names quotes every one
    execute format(
        $function$
        create or replace function automation_capture.%s()
        returns trigger
        language plpgsql
        volatile
        security definer
        set search_path = pg_catalog, pg_temp
        set row_security = on
        set timezone = 'UTC'
        set datestyle = 'ISO'
        set intervalstyle = 'postgres'
        set bytea_output = 'hex'
        set extra_float_digits = 1
        set jit = off
        as %s
        $function$,
        quote_ident(p_event),
        quote_literal(automation_private.build_capture_body(p_table, p_event, p_changes))
    );
    execute format(
        'comment on function automation_capture.%I() is %L', p_event, format(
            'Captures changes of %s as events, if somebody listens. Never makes a statement fail '
            'and never waits.', p_table
        )
    );
    execute format(
        'grant execute on function automation_capture.%I() to automation_admin', p_event
    );
end;
$$;

comment on function automation_private.write_capture(regclass, text, jsonb) is
    'Writes the trigger function of a watched table. It is static SQL, so that its plans are kept '
    'between statements.';
