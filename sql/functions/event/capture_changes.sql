create or replace function automation.capture_changes()
returns trigger
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set jit = off
as $$
declare
    v_statement text;
    v_cause record;
begin
    if not exists (
        select from automation_private.listeners as l
        where l.event = any (array[
            tg_argv[0] || '.created', tg_argv[0] || '.updated', tg_argv[0] || '.deleted'
        ])
    ) then
        return null;
    end if;
    begin
        select case tg_op
            when 'INSERT' then w.capture_created
            when 'UPDATE' then w.capture_updated
            else w.capture_deleted
        end
        into v_statement
        from automation_private.watched_tables as w
        where w.table_name = tg_relid;
        if v_statement is null then
            return null;
        end if;
        select c.org_id, c.causation into v_cause from automation_private.read_cause() as c;
        -- dynamic, because each table has its columns; watch_table has quoted every name
        execute v_statement
        using
            nextval('automation_private.event_batches_batch_id_seq'), automation_private.clock(),
            v_cause.org_id, v_cause.causation;
    exception when others then
        if automation_private.must_reraise(sqlstate) or sqlstate = '54001' then
            raise;
        end if;
        insert into automation_private.capture_failures (table_name, operation, sqlstate, message)
        values (tg_relid::regclass::text, tg_op, sqlstate, sqlerrm);
        raise warning 'the changes of % were not captured: %', tg_relid::regclass, sqlerrm;
    end;
    return null;
end;
$$;

comment on function automation.capture_changes() is
    'The trigger of watched tables: appends one event per changed row, if somebody listens. It '
    'never makes the statement fail and never waits; what cannot be captured is in '
    'capture_failures.';
