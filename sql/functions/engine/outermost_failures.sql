create or replace function automation_private.outermost_failures(
    p_failed automation_private.outcome[]
)
returns automation_private.outcome[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if cardinality(p_failed) < 2 then
        return p_failed;
    end if;
    return array(
        select f
        from unnest(p_failed) as f
        left join automation.workflow_steps as s
            on s.org_id = f.org_id and s.instance_id = f.instance_id and s.step_id = f.step_id
        where s.step_id is null
            or not automation_private.is_inside(
                s, array(select x.step_id from unnest(p_failed) as x)
            )
    );
end;
$$;

comment on function automation_private.outermost_failures(automation_private.outcome[]) is
    'Those turns, scope steps and instances that are in none of the others that fail.';
