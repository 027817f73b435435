create or replace function automation_private.park_tokens(
    p_tokens automation_private.token[],
    p_org_ids uuid[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into automation_private.timers (
        org_id, instance_id, step_id, kind, root_id, due_at, step_order, scope_id, iteration_id,
        from_order, enters_id, overdue_since
    )
    select
        t.org_id, t.instance_id, automation_private.uuid_v7(), 'continue', t.root_id, 'infinity',
        t.step_order, t.scope_id, t.iteration_id, t.from_order, t.step_id,
        automation_private.clock()
    from unnest(p_tokens) as t
    where t.org_id = any (p_org_ids) and t.step_order > 0;
    return array(
        select t from unnest(p_tokens) as t
        where t.org_id <> all (p_org_ids) or t.step_order = 0
    );
end;
$$;

comment on function automation_private.park_tokens(automation_private.token[], uuid[]) is
    'Leaves tokens of paused organisations where they are until these are resumed, and returns the '
    'others. A token that ends does not wait: nothing is done by ending.';
