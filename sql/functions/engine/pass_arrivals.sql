create or replace function automation_private.pass_arrivals(
    p_fired automation_private.visit[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if cardinality(p_fired) = 0 then
        return '{}'::automation_private.token[];
    end if;
    insert into automation.workflow_steps (
        org_id, instance_id, step_id, step_order, step_key, step_type, status, scope_id,
        iteration_id, from_order, arrived, started_at
    )
    select
        v.org_id, v.instance_id, v.step_id, v.step_order, v.step_key, v.step_type, 'running',
        v.scope_id, v.iteration_id, v.from_order, cardinality(v.branches),
        automation_private.clock()
    from unnest(p_fired) as v;
    return automation_private.settle_steps(array(
        select (
            v.org_id, v.instance_id, v.root_id, v.step_id, 'completed',
            jsonb_build_object('arrived', cardinality(v.branches)), null, 0, null
        )::automation_private.outcome
        from unnest(p_fired) as v
    ));
end;
$$;

comment on function automation_private.pass_arrivals(automation_private.visit[]) is
    'Lets merges that have no split fire.';
