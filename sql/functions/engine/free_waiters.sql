create or replace function automation_private.free_waiters(
    p_org_ids uuid[],
    p_instance_ids uuid[]
)
returns automation_private.token[]
language sql
volatile
begin atomic
    with first as (
        select distinct on (h.org_id, h.instance_id, h.mutex) h.*
        from (
            select distinct u.org_id, u.instance_id
            from unnest(p_org_ids, p_instance_ids) as u (org_id, instance_id)
        ) as u
        inner join automation.workflow_instances as i
            on i.org_id = u.org_id and i.instance_id = u.instance_id and i.status = 'running'
        inner join automation_private.held_tokens as h
            on h.org_id = u.org_id and h.instance_id = u.instance_id and h.reason = 'mutex'
        where not exists (
            select from automation_private.mutexes as m
            where m.org_id = h.org_id and m.instance_id = h.instance_id and m.mutex = h.mutex
        )
        order by h.org_id, h.instance_id, h.mutex, h.held_id
    ),

    let_in as (
        delete from automation_private.held_tokens as h
        using first as f
        where h.org_id = f.org_id and h.instance_id = f.instance_id and h.held_id = f.held_id
        returning h.held_id, automation_private.held_token(h) as token
    )

    select coalesce(array_agg(l.token order by l.held_id), '{}') from let_in as l;
end;

comment on function automation_private.free_waiters(uuid[], uuid[]) is
    'The token that has waited longest for each mutex of running instances that nobody holds: the '
    'one that was let in before could not enter, for its scope had closed or it was cancelled.';
