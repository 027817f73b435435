create or replace function automation_private.add_tokens(
    p_settled automation_private.settled[]
)
returns void
language sql
volatile
begin atomic
    update automation.workflow_instances as i
    set live = i.live + u.tokens
    from (
        select x.org_id, x.instance_id, count(*)::int as tokens
        from unnest(p_settled) as x
        where x.scope_id = x.instance_id
        group by x.org_id, x.instance_id
    ) as u
    where i.org_id = u.org_id and i.instance_id = u.instance_id;
    update automation.workflow_steps as s
    set live = s.live + u.tokens
    from (
        select x.org_id, x.instance_id, x.scope_id, count(*)::int as tokens
        from unnest(p_settled) as x
        where x.scope_id <> x.instance_id
        group by x.org_id, x.instance_id, x.scope_id
    ) as u
    where s.org_id = u.org_id and s.instance_id = u.instance_id and s.step_id = u.scope_id;
end;

comment on function automation_private.add_tokens(automation_private.settled[]) is
    'Counts one token more in the scopes of loops that go on while some of their turns still run.';
