create or replace function automation.action_catalogue()
returns table (
    action text,
    runs text,
    description text,
    config_schema jsonb,
    idempotent boolean,
    retry jsonb,
    provider text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform automation_private.require_permission('view');
    return query
    select a.action, a.runs, a.description, a.config_schema, a.idempotent, a.retry,
        a.provider
    from automation_private.actions as a
    where not a.internal
    order by a.action;
end;
$$;

comment on function automation.action_catalogue() is
    'The actions that definitions may use, with the JSON Schema of their config, the retry policy '
    'that applies where a step has none of its own and the service that they call. Needs view.';
