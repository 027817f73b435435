create or replace function automation_private.park_paused(p_timers automation_private.due_timer[])
returns automation_private.due_timer[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_paused uuid[] := array(
        select i.instance_id
        from unnest(p_timers) as t
        inner join automation.workflow_instances as i
            on i.org_id = t.org_id and i.instance_id = t.instance_id and i.status = 'paused'
    );
begin
    if cardinality(v_paused) = 0 then
        return p_timers;
    end if;
    perform automation_private.put_timers_back(
        array(select t from unnest(p_timers) as t where t.instance_id = any (v_paused)), true
    );
    return array(select t from unnest(p_timers) as t where t.instance_id <> all (v_paused));
end;
$$;

comment on function automation_private.park_paused(automation_private.due_timer[]) is
    'Sets the timers of paused instances aside until these are resumed, and returns the others.';
