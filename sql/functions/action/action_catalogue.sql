create or replace function automation.action_catalogue()
returns table (
    action text,
    runs text,
    description text,
    config_schema jsonb,
    idempotent boolean,
    retry jsonb
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform automation_private.require_permission('view');
    return query
    select a.action, a.runs, a.description, a.config_schema, a.idempotent, a.retry
    from automation_private.actions as a
    where not a.internal
    order by a.action;
end;
$$;

comment on function automation.action_catalogue() is
    'The actions that definitions may use, with the JSON Schema of their config and the retry '
    'policy that applies where a step has none of its own. Needs view.';
