create or replace function automation_private.begin_rollbacks(
    p_failed automation_private.outcome[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_failed automation_private.outcome[];
begin
    v_failed := automation_private.list_rollbacks(p_failed);
    if cardinality(v_failed) = 0 then
        return '{}'::automation_private.token[];
    end if;
    perform automation_private.abandon_rollbacks(
        array_agg(r.org_id), array_agg(r.instance_id), array_agg(r.boundary_id)
    )
    from unnest(v_failed) as f
    inner join automation_private.rollbacks as r
        on r.org_id = f.org_id and r.instance_id = f.instance_id
    inner join automation.workflow_steps as s
        on s.org_id = r.org_id and s.instance_id = r.instance_id and s.step_id = r.boundary_id
    where f.step_id = f.instance_id or automation_private.is_inside(s, array[f.step_id]);
    insert into automation_private.undo_steps (
        org_id, instance_id, step_id, boundary_id, place, step_order, iteration_id, from_order
    )
    select
        u.org_id, u.instance_id, u.step_id, f.step_id,
        e.places + row_number() over (
            partition by f.org_id, f.step_id
            order by u.completed_at desc, u.step_id desc
        ),
        u.compensate_order, u.iteration_id, u.step_order
    from unnest(v_failed) as f
    -- those of earlier attempts stay
    cross join lateral (
        select coalesce(max(x.place), 0) as places
        from automation_private.undo_steps as x
        where x.org_id = f.org_id
            and x.instance_id = f.instance_id
            and x.boundary_id = f.step_id
    ) as e
    cross join lateral automation_private.list_undoable(
        f.org_id, f.instance_id, f.step_id
    ) as u
    -- what a rollback inside of it has not come to is its own now
    on conflict (org_id, instance_id, step_id)
    do update set boundary_id = excluded.boundary_id, place = excluded.place;
    v_failed := array(
        select f
        from unnest(v_failed) as f
        where exists (
            select from automation_private.undo_steps as u
            where u.org_id = f.org_id
                and u.instance_id = f.instance_id
                and u.boundary_id = f.step_id
                and not u.has_begun
        )
    );
    insert into automation_private.rollbacks (org_id, instance_id, boundary_id, reason, error)
    select f.org_id, f.instance_id, f.step_id, f.branch, f.error
    from unnest(v_failed) as f;
    perform automation_private.clear_boundaries(v_failed);
    return automation_private.undo_next(v_failed);
end;
$$;

comment on function automation_private.begin_rollbacks(automation_private.outcome[]) is
    'Lets instances and scope steps that have failed first undo what they have done, if their '
    'definition says so and there is anything to undo: the tokens of the first compensations. '
    'branch is the reason for which they fail.';
