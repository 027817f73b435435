create or replace function automation_private.continue_rollbacks(
    p_ended automation_private.outcome[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tokens automation_private.token[] := automation_private.undo_next(p_ended);
    v_done automation_private.outcome[];
begin
    update automation.workflow_instances as i
    set live = 1
    from unnest(v_tokens) as t
    where t.scope_id = t.instance_id
        and i.org_id = t.org_id
        and i.instance_id = t.instance_id;
    update automation.workflow_steps as s
    set live = 1
    from unnest(v_tokens) as t
    where t.scope_id <> t.instance_id
        and s.org_id = t.org_id
        and s.instance_id = t.instance_id
        and s.step_id = t.scope_id;
    v_done := array(
        select (
            e.org_id, e.instance_id, e.root_id, e.step_id, 'failed', null,
            r.error || automation_private.describe_rollback(e.org_id, e.instance_id), null,
            r.reason
        )::automation_private.outcome
        from unnest(p_ended) as e
        inner join automation_private.rollbacks as r
            on r.org_id = e.org_id
                and r.instance_id = e.instance_id
                and r.boundary_id = e.step_id
        where e.step_id not in (select t.scope_id from unnest(v_tokens) as t)
    );
    -- of an instance it stays: nobody retries what has been undone
    delete from automation_private.rollbacks as r
    using unnest(v_done) as d
    where d.step_id <> d.instance_id
        and r.org_id = d.org_id
        and r.instance_id = d.instance_id
        and r.boundary_id = d.step_id;
    return v_tokens || automation_private.finish_instances(array(
        select (
            d.org_id, d.instance_id, d.root_id, 'failed', d.branch, d.error, false
        )::automation_private.ending
        from unnest(v_done) as d
        where d.step_id = d.instance_id
    )) || automation_private.settle_steps(array(
        select (
            d.org_id, d.instance_id, d.root_id, d.step_id, 'failed', null, d.error, null, null
        )::automation_private.outcome
        from unnest(v_done) as d
        where d.step_id <> d.instance_id
    ));
end;
$$;

comment on function automation_private.continue_rollbacks(automation_private.outcome[]) is
    'Goes on with rollbacks one of whose compensations is over: the next one or, when there is '
    'none, the failure that they began with.';
