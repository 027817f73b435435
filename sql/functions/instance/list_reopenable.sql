create or replace function automation_private.list_reopenable(
    p_instance automation.workflow_instances
)
returns automation.workflow_steps[]
language sql
stable
begin atomic
    with recursive ended as (
        select s.*
        from automation.workflow_steps as s
        where s.org_id = p_instance.org_id
            and s.instance_id = p_instance.instance_id
            and s.scope_id = p_instance.instance_id
            and s.ended_in = p_instance.ended_in
            and s.status in ('failed', 'cancelled')
        union all
        select s.*
        from ended as e
        cross join lateral automation_private.list_inside(
            e.org_id, e.instance_id, e.step_id
        ) as s
        where s.ended_in = p_instance.ended_in
            and s.status in ('failed', 'cancelled')
            and (s.step_type <> 'iteration' or s.attempt = e.attempt)
            -- a scope that waited for its next attempt begins anew
            and (e.step_type <> 'scope' or e.live is not null)
    )

    select array(
        select s
        from ended as e
        inner join automation.workflow_steps as s
            on s.org_id = e.org_id and s.instance_id = e.instance_id and s.step_id = e.step_id
        order by s.step_id
    );
end;

comment on function automation_private.list_reopenable(automation.workflow_instances) is
    'What stood open in an instance when it failed: what failed or was cancelled with it, from the '
    'outside in.';
