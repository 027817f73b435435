create or replace function automation_private.abandon_rollbacks(
    p_org_ids uuid[],
    p_instance_ids uuid[],
    p_boundary_ids uuid[]
)
returns void
language sql
volatile
begin atomic
    with ended as (
        delete from automation_private.rollbacks as r
        using unnest(p_org_ids, p_instance_ids, p_boundary_ids)
            as u (org_id, instance_id, boundary_id)
        where r.org_id = u.org_id
            and r.instance_id = u.instance_id
            and r.boundary_id = u.boundary_id
        returning r.org_id, r.instance_id, r.boundary_id
    )

    delete from automation_private.undo_steps as s
    using ended as e
    where s.org_id = e.org_id
        and s.instance_id = e.instance_id
        and s.boundary_id = e.boundary_id
        and (
            not s.has_begun
            -- the one that is under way: the ones before it are done
            or s.place = (
                select max(x.place)
                from automation_private.undo_steps as x
                where x.org_id = e.org_id
                    and x.instance_id = e.instance_id
                    and x.boundary_id = e.boundary_id
                    and x.has_begun
            )
        );
end;

comment on function automation_private.abandon_rollbacks(uuid[], uuid[], uuid[]) is
    'Ends rollbacks of scope steps that are cancelled meanwhile: what they have not undone yet '
    'may be undone by whatever fails around them.';
