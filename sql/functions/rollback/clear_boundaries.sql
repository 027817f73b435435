create or replace function automation_private.clear_boundaries(
    p_failed automation_private.outcome[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ends automation_private.ending[] := array(
        select (
            f.org_id, f.instance_id, f.root_id, 'cancelled', null, null, false
        )::automation_private.ending
        from unnest(p_failed) as f
        where f.step_id = f.instance_id
    );
    v_scopes automation_private.outcome[] := array(
        select f from unnest(p_failed) as f where f.step_id <> f.instance_id
    );
begin
    if cardinality(v_ends) > 0 then
        perform automation_private.cancel_open_steps(v_ends);
        perform automation_private.forget_instances(v_ends);
        perform automation_private.drop_instance_timers(v_ends);
        update automation.workflow_instances as i
        set
            live = 1,
            max_activations = i.max_activations + u.steps
        from (
            select e.org_id, e.instance_id, count(*) as steps
            from unnest(v_ends) as e
            inner join automation_private.undo_steps as x
                on x.org_id = e.org_id and x.instance_id = e.instance_id
            group by e.org_id, e.instance_id
        ) as u
        where i.org_id = u.org_id and i.instance_id = u.instance_id;
    end if;
    if cardinality(v_scopes) > 0 then
        perform automation_private.postpone_tokens(automation_private.cancel_within(
            array(select f.org_id from unnest(v_scopes) as f),
            array(select f.instance_id from unnest(v_scopes) as f),
            array(select f.step_id from unnest(v_scopes) as f)
        ));
        perform automation_private.drop_timers(
            array(select f.org_id from unnest(v_scopes) as f),
            array(select f.instance_id from unnest(v_scopes) as f),
            array(select f.step_id from unnest(v_scopes) as f)
        );
        update automation.workflow_steps as s
        set live = 1
        from unnest(v_scopes) as f
        where s.org_id = f.org_id and s.instance_id = f.instance_id and s.step_id = f.step_id;
    end if;
end;
$$;

comment on function automation_private.clear_boundaries(automation_private.outcome[]) is
    'Cancels what is open in instances and scopes that are rolled back; one token is left, which '
    'undoes.';
