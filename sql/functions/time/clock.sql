create or replace function automation_private.clock()
returns timestamptz
language sql
volatile
return clock_timestamp();

comment on function automation_private.clock() is
    'The engine''s one source of time. Read it once per call into a variable: it is volatile.';
