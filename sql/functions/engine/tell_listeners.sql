create or replace function automation_private.tell_listeners(
    p_ended automation_private.ending[]
)
returns void
language sql
volatile
begin atomic
    insert into automation_private.ended_runs (
        org_id, instance_id, listener_id, key, failed, slots
    )
    select
        i.org_id, i.instance_id, (i.admission ->> 'listener')::uuid, i.admission ->> 'key',
        i.status <> 'completed', i.admission -> 'slots'
    from unnest(p_ended) as e
    inner join automation.workflow_instances as i
        on e.org_id = i.org_id and e.instance_id = i.instance_id
    where i.admission is not null;
end;

comment on function automation_private.tell_listeners(automation_private.ending[]) is
    'Notes runs that have ended and for which a firing may wait.';
