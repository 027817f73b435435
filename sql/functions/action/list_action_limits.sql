create or replace function automation.list_action_limits()
returns table (
    limit_key text,
    max_in_flight int,
    max_starts int,
    per interval,
    in_flight int,
    started int,
    waiting int,
    blocked_until timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        s.limit_key, s.max_in_flight, s.max_starts, s.per, s.in_flight, s.started, s.waiting,
        s.blocked_until
    from automation_private.limit_states(automation_private.require_permission('view')) as s;
end;
$$;

comment on function automation.list_action_limits() is
    'What is limited, or blocked because it asked for it (HTTP 429): the limits, how many actions '
    'are in the queue or with a worker, how many were started within the period, how many wait, '
    'and until when it is blocked. Needs view.';
