create or replace function automation_private.list_error_classes()
returns text[]
language sql
immutable
return array[
    'timeout', 'connection', 'rate_limited', 'http_4xx', 'http_5xx', 'unavailable', 'auth',
    'refused', 'invalid', 'crashed', 'unknown_action', 'error'
];

comment on function automation_private.list_error_classes() is
    'The classes of errors that retry_on and never_retry_on may name.';
