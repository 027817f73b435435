create or replace function automation_private.build_capture_body(
    p_table regclass,
    p_event text,
    p_changes jsonb
)
returns text
language sql
stable
return format(
    $body$
    declare
        v_batch bigint;
        v_at timestamptz;
        v_org uuid;
        v_causation jsonb;
    begin
        if not exists (
            select from automation_private.listeners as l where l.event in (%1$s, %2$s, %3$s)
        ) and not exists (
            select from automation_private.awaited_events as a where a.event in (%1$s, %2$s, %3$s)
        ) then
            return null;
        end if;
        begin
            -- a type that came later may bring casts, which are code that would run as the engine
            if not exists (
                select from automation_private.watched_tables as w
                where w.table_name = tg_relid
                    and w.event = %4$s
                    and w.column_types = automation_private.list_column_types(
                        w.table_name, w.columns || w.org_column
                    )
            ) then
                raise exception using
                    errcode = 'MA101',
                    message = 'the columns have changed since the table was watched';
            end if;
            v_batch := nextval('automation_private.event_batches_batch_id_seq');
            v_at := automation_private.clock();
            if coalesce(current_setting('automation.cause', true), '') <> '' then
                select c.org_id, c.causation into v_org, v_causation
                from automation_private.read_cause() as c;
            end if;
            %5$s %6$s %7$s
        exception when others or assert_failure then
            if automation_private.must_reraise(sqlstate) or sqlstate = '54001' then
                raise;
            end if;
            perform automation_private.note_capture_failure(tg_relid, tg_op, sqlstate, sqlerrm);
        end;
        return null;
    end
    $body$,
    quote_literal(p_event || '.created'), quote_literal(p_event || '.updated'),
    quote_literal(p_event || '.deleted'), quote_literal(p_event),
    automation_private.build_capture_branch(p_table, 'INSERT', p_changes ->> 'INSERT'),
    automation_private.build_capture_branch(p_table, 'UPDATE', p_changes ->> 'UPDATE'),
    automation_private.build_capture_branch(p_table, 'DELETE', p_changes ->> 'DELETE')
);

comment on function automation_private.build_capture_body(regclass, text, jsonb) is
    'What a watched table''s trigger does: nothing unless somebody listens; it fails only with the '
    'errors that concern the whole transaction.';
