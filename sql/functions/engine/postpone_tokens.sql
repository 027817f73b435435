create or replace function automation_private.postpone_tokens(
    p_tokens automation_private.token[]
)
returns void
language sql
volatile
begin atomic
    insert into automation_private.timers (
        org_id, instance_id, step_id, kind, root_id, due_at, step_order, scope_id, iteration_id,
        from_order, enters_id
    )
    select
        t.org_id, t.instance_id, automation_private.uuid_v7(), 'continue', t.root_id,
        automation_private.clock(), t.step_order, t.scope_id, t.iteration_id, t.from_order,
        t.step_id
    from unnest(p_tokens) as t;
end;

comment on function automation_private.postpone_tokens(automation_private.token[]) is
    'Leaves tokens to the next tick, so that no call walks without end.';
