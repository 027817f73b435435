create or replace function automation.unregister_action(p_action text)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform automation_private.require_admin();
    delete from automation_private.actions as a where a.action = p_action;
    return found;
end;
$$;

comment on function automation.unregister_action(text) is
    'Removes an action, so that no definition with it can be published; false when there is none. '
    'Steps of published definitions that still use it fail. Administrators only.';
