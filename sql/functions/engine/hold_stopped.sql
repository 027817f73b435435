create or replace function automation_private.hold_stopped(
    p_tokens automation_private.token[]
)
returns automation_private.token[]
language sql
volatile
begin atomic
    insert into automation_private.held_tokens (
        org_id, instance_id, held_id, root_id, reason, step_order, scope_id, iteration_id,
        from_order, enters_id
    )
    select
        t.org_id, t.instance_id, automation_private.uuid_v7(), t.root_id,
        case i.status when 'paused' then 'paused' else 'failed' end,
        t.step_order, t.scope_id, t.iteration_id, t.from_order, t.step_id
    from unnest(p_tokens) as t
    inner join automation.workflow_instances as i
        on t.org_id = i.org_id and t.instance_id = i.instance_id
    where i.status = 'failed'
        or i.status = 'cancelled' and i.stop_reason = 'parent_ended'
        or i.status = 'paused' and t.step_order > 0;
    select automation_private.free_waiters(
        array(select t.org_id from unnest(p_tokens) as t),
        array(select t.instance_id from unnest(p_tokens) as t)
    );
end;

comment on function automation_private.hold_stopped(automation_private.token[]) is
    'Lays the tokens of instances aside that are paused, or have failed and may be retried, and of '
    'their sub-workflows. Where one that a mutex let in could not enter, the next in line does.';
