create or replace function automation_private.forget_instances(
    p_ends automation_private.ending[]
)
returns void
language sql
volatile
begin atomic -- noqa: PRS
    delete from automation_private.held_tokens as h
    using unnest(p_ends) as e
    where h.org_id = e.org_id and h.instance_id = e.instance_id;
    delete from automation_private.mutexes as m
    using unnest(p_ends) as e
    where m.org_id = e.org_id and m.instance_id = e.instance_id;
    delete from automation_private.loop_states as l
    using unnest(p_ends) as e
    where l.org_id = e.org_id and l.instance_id = e.instance_id;
    delete from automation_private.loop_items as l
    using unnest(p_ends) as e
    where l.org_id = e.org_id and l.instance_id = e.instance_id;
    delete from automation_private.queued_arrivals as q
    using unnest(p_ends) as e
    where q.org_id = e.org_id and q.instance_id = e.instance_id;
end;

comment on function automation_private.forget_instances(automation_private.ending[]) is
    'Removes what instances kept for steps still to come.';
