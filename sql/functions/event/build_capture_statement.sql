create or replace function automation_private.build_capture_statement(
    p_table regclass,
    p_changes text,
    p_batch text,
    p_at text,
    p_org text,
    p_causation text
)
returns text
language sql
stable
return format(
    'with captured as ('
    'insert into automation.automation_events as e ('
    'org_id, batch_id, event, entity, new, old, source, causation, occurred_at, recorded_at'
    ') '
    'select c.org_id, %3$s, c.event, c.entity, c.new, c.old, %1$L, '
    'case when c.org_id = %5$s then %6$s end, %4$s, %4$s '
    'from (%2$s) as c (org_id, event, entity, new, old) '
    'where exists (select from automation_private.listeners as l '
    'where l.event = c.event and l.org_id = c.org_id) '
    'or exists (select from automation_private.awaited_events as a '
    'where a.event = c.event and a.org_id = c.org_id) '
    'returning e.org_id, e.event_id'
    ') '
    'insert into automation_private.event_batches ('
    'org_id, batch_id, first_event, last_event, events'
    ') '
    'select x.org_id, %3$s, min(x.event_id), max(x.event_id), count(*) '
    'from captured as x group by x.org_id',
    p_table, p_changes, p_batch, p_at, p_org, p_causation
);

comment on function automation_private.build_capture_statement(
    regclass, text, text, text, text, text
) is
    'A statement that records changes that somebody listens to, with names for the batch, the '
    'time, and whose automation caused them and how.';
