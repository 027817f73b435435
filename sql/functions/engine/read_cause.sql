create or replace function automation_private.read_cause()
returns table (org_id uuid, causation jsonb)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_cause text := coalesce(current_setting('automation.cause', true), '');
begin
    if v_cause = ''
        or v_cause is distinct from automation_private.sign_cause(split_part(v_cause, ':', 1))
    then
        return;
    end if;
    return query
    select i.org_id, automation_private.continue_chain(i)
    from automation.workflow_instances as i
    where i.org_id = split_part(split_part(v_cause, ':', 1), '/', 1)::uuid
        and i.instance_id = split_part(split_part(v_cause, ':', 1), '/', 2)::uuid;
end;
$$;

comment on function automation_private.read_cause() is
    'Whose automation runs the present statement, and the causation of events that it brings; no '
    'row outside of an action. A setting that the engine did not sign means nothing.';
