create or replace function automation_private.pending_names(p_org_id uuid)
returns table (action text)
language sql
stable
begin atomic
    -- the recursion hops from name to name, so that a long backlog is never scanned
    with recursive waiting (action) as (
        (
            select p.action
            from automation_private.pending_actions as p
            where p.org_id = p_org_id
            order by p.action
            limit 1
        )
        union all
        select (
            select p.action
            from automation_private.pending_actions as p
            where p.org_id = p_org_id and p.action > w.action
            order by p.action
            limit 1
        )
        from waiting as w
        where w.action is not null
    )

    select w.action from waiting as w where w.action is not null;
end;

comment on function automation_private.pending_names(uuid) is
    'Which actions of an organisation are pending.';
