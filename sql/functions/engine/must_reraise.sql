create or replace function automation_private.must_reraise(p_sqlstate text)
returns boolean
language sql
immutable
return p_sqlstate ~ '^(40|53|57|58|55P03)';

comment on function automation_private.must_reraise(text) is
    'Whether an error is about the transaction or the server (deadlock, serialization, locks, '
    'resources, cancel, shutdown, input/output) and so must never be recorded as a failure of the '
    'instance.';
