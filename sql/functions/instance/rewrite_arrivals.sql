create or replace function automation_private.rewrite_arrivals(
    p_instance automation.workflow_instances,
    p_steps automation_private.step_move[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_arrivals automation_private.queued_arrivals[];
begin
    with removed as (
        delete from automation_private.queued_arrivals as q
        where q.org_id = p_instance.org_id and q.instance_id = p_instance.instance_id
        returning q
    )

    select array_agg(r.q) into v_arrivals from removed as r;
    insert into automation_private.queued_arrivals (
        org_id, instance_id, scope_id, merge_order, from_order, arrived
    )
    select q.org_id, q.instance_id, q.scope_id, m.to_order, f.to_order, q.arrived
    from unnest(v_arrivals) as q
    inner join unnest(p_steps) as m on m.from_order = q.merge_order
    inner join unnest(p_steps) as f on f.from_order = q.from_order
    where q.arrived > 0;
end;
$$;

comment on function automation_private.rewrite_arrivals(
    automation.workflow_instances, automation_private.step_move[]
) is
    'Gives queued arrivals the numbers of the steps of another definition.';
