create or replace function automation_private.last_event()
returns bigint
language sql
volatile
return (
    select s.last_value - (not s.is_called)::int
    from automation.automation_events_event_id_seq as s
);

comment on function automation_private.last_event() is
    'The id that an event was given last, committed or not: what happens from now on has a higher '
    'one.';
