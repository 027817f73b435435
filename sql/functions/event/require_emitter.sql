create or replace function automation_private.require_emitter()
returns uuid
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org uuid := (select c.org_id from automation_private.read_cause() as c);
begin
    -- what an action may do was decided when its workflow was published
    if v_org is not null and v_org = automation.current_org_id() then
        return v_org;
    end if;
    return automation_private.require_permission('run');
end;
$$;

comment on function automation_private.require_emitter() is
    'The organisation that events are emitted for: of the running action, or the current one if '
    'the caller has the permission run; raises MA300 or MA301 otherwise.';
