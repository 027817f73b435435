create or replace function automation_private.begin_waits(
    p_visits automation_private.visit[]
)
returns automation_private.outcome[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_failed automation_private.outcome[] := automation_private.fail_waits(p_visits);
    v_conditions automation_private.visit[];
begin
    if cardinality(v_failed) > 0 then
        p_visits := array(
            select v from unnest(p_visits) as v
            where v.step_id not in (select f.step_id from unnest(v_failed) as f)
        );
    end if;
    if true = any (array(select v.is_again from unnest(p_visits) as v)) then
        perform automation_private.end_waits(
            array(select v.org_id from unnest(p_visits) as v),
            array(select v.instance_id from unnest(p_visits) as v),
            array(select v.step_id from unnest(p_visits) as v)
        );
    end if;
    perform automation_private.insert_event_waits(p_visits);
    -- an event may be dispatched before these rows are committed: looking back waits till then
    insert into automation_private.timers (org_id, instance_id, step_id, kind, root_id, due_at)
    select v.org_id, v.instance_id, v.step_id, 'look_back', v.root_id, v_now
    from unnest(p_visits) as v
    where v.value ? 'events';

    v_conditions := array(select v from unnest(p_visits) as v where not v.value ? 'events');
    if cardinality(v_conditions) = 0 then
        return v_failed;
    end if;
    insert into automation_private.condition_waits (org_id, instance_id, step_id)
    select v.org_id, v.instance_id, v.step_id from unnest(v_conditions) as v;
    update automation.workflow_instances as i
    set watches = i.watches + n.watches
    from (
        select v.org_id, v.instance_id, count(*) as watches
        from unnest(v_conditions) as v
        group by v.org_id, v.instance_id
    ) as n
    where i.org_id = n.org_id and i.instance_id = n.instance_id;
    return v_failed || automation_private.poll_conditions(
        array(select v.org_id from unnest(v_conditions) as v),
        array(select v.instance_id from unnest(v_conditions) as v),
        array(select v.step_id from unnest(v_conditions) as v)
    );
end;
$$;

comment on function automation_private.begin_waits(automation_private.visit[]) is
    'Lets activations just entered wait for their events or conditions; returns those that do not '
    'have to, or cannot.';
