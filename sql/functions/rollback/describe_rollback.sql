create or replace function automation_private.describe_rollback(
    p_org_id uuid,
    p_instance_id uuid
)
returns jsonb
language sql
stable
return (
    select jsonb_build_object(
        'undone', coalesce(
            jsonb_agg(u.entry order by u.step_id) filter (where u.status = 'completed'), '[]'
        ),
        'not_undone', coalesce(
            jsonb_agg(
                u.entry || jsonb_build_object('error', u.error) order by u.step_id
            ) filter (where u.status <> 'completed'),
            '[]'
        )
    )
    from (
        select
            s.step_id, s.status, s.error,
            jsonb_strip_nulls(jsonb_build_object(
                'step', d.step_key, 'iteration', t.iteration
            )) as entry
        from automation.workflow_steps as s
        inner join automation.workflow_instances as i
            on i.org_id = s.org_id and i.instance_id = s.instance_id
        inner join automation.workflow_definition_steps as d
            on d.org_id = i.org_id
                and d.definition_id = i.definition_id
                and d.compensate_order = s.step_order
        left join automation.workflow_steps as t
            on t.org_id = s.org_id
                and t.instance_id = s.instance_id
                and t.step_id = s.iteration_id
        where s.org_id = p_org_id
            and s.instance_id = p_instance_id
            and s.step_type = 'compensation'
            -- one that was cut short when more than its scope failed was done again
            and not (s.status = 'cancelled' and exists (
                select from automation.workflow_steps as x
                where x.org_id = s.org_id
                    and x.instance_id = s.instance_id
                    and x.step_type = 'compensation'
                    and x.step_order = s.step_order
                    and x.iteration_id is not distinct from s.iteration_id
                    and x.step_id > s.step_id
            ))
    ) as u
);

comment on function automation_private.describe_rollback(uuid, uuid) is
    'What of an instance has been undone and what could not be, in the order in which it was '
    'tried.';
