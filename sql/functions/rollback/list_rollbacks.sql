create or replace function automation_private.list_rollbacks(
    p_failed automation_private.outcome[]
)
returns automation_private.outcome[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_failed automation_private.outcome[];
begin
    v_failed := array(
        select f
        from unnest(p_failed) as f
        inner join automation.workflow_instances as i
            on i.org_id = f.org_id
                and i.instance_id = f.instance_id
                and i.status in ('running', 'paused')
        inner join automation.workflow_definitions as d
            on d.org_id = i.org_id and d.definition_id = i.definition_id
        where d.features && array['compensate']
            and d.settings ->> 'on_failure' = 'rollback'
            -- what raises may raise again
            and f.error ->> 'code' <> 'engine_error'
            and not exists (
                select from automation_private.rollbacks as r
                where r.org_id = f.org_id
                    and r.instance_id = f.instance_id
                    and r.boundary_id in (f.step_id, f.instance_id)
            )
    );
    if cardinality(v_failed) = 0 then
        return v_failed;
    end if;
    -- what fails inside of something else that fails is undone with that
    return array(
        select f
        from unnest(v_failed) as f
        left join automation.workflow_steps as s
            on s.org_id = f.org_id and s.instance_id = f.instance_id and s.step_id = f.step_id
        where s.step_id is null or not automation_private.is_inside(
            s, array(select x.step_id from unnest(v_failed) as x)
        )
    );
end;
$$;

comment on function automation_private.list_rollbacks(automation_private.outcome[]) is
    'Which of the instances and scope steps that fail are rolled back first.';
