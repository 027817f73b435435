create or replace function automation_private.count_tokens(
    p_org_id uuid,
    p_instance_id uuid,
    p_scope_id uuid
)
returns int
language sql
stable
return case
    when p_scope_id <> p_instance_id then (
        select count(*)
        from automation_private.open_inside(p_org_id, p_instance_id, p_scope_id)
    )
    else (
        select count(*)
        from automation.workflow_steps as s
        where s.org_id = p_org_id
            and s.instance_id = p_instance_id
            and s.scope_id = s.instance_id
            and s.status in ('pending', 'running', 'waiting')
    )
end + (
    select count(*)
    from automation_private.timers as t
    where t.org_id = p_org_id
        and t.instance_id = p_instance_id
        and t.scope_id = p_scope_id
        and t.kind = 'continue'
        and t.enters_id is null
) + (
    select count(*)
    from automation_private.held_tokens as h
    where h.org_id = p_org_id
        and h.instance_id = p_instance_id
        and h.scope_id = p_scope_id
        and h.enters_id is null
);

comment on function automation_private.count_tokens(uuid, uuid, uuid) is
    'How many tokens a scope really has: its open activations, walks cut short, and tokens laid '
    'aside.';
