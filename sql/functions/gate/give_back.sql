create or replace function automation_private.give_back(
    p_request automation_private.start_request
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into automation_private.ended_runs (
        org_id, instance_id, listener_id, key, failed, slots
    )
    select
        p_request.org_id, p_request.instance_id, (p_request.admission ->> 'listener')::uuid,
        p_request.admission ->> 'key', true, p_request.admission -> 'slots'
    where p_request.admission is not null;
    update automation_private.firing_subjects as s
    set fired = s.fired - 1
    where s.org_id = p_request.org_id
        and s.listener_id = coalesce(p_request.rule_id, p_request.template_id)
        and s.last_id = p_request.instance_id;
end;
$$;

comment on function automation_private.give_back(automation_private.start_request) is
    'Undoes what the gate noted for a run that then could not be started.';
