create or replace function automation_private.last_output(
    p_org_id uuid,
    p_instance_id uuid,
    p_scope_id uuid
)
returns jsonb
language sql
stable
return (
    -- the branches of splits belong to the body, the turns of loops and other bodies do not
    with recursive body as (
        select p_scope_id as scope_id
        union all
        select s.step_id
        from body as b
        cross join lateral automation_private.list_inside(
            p_org_id, p_instance_id, b.scope_id
        ) as s
        where s.step_type = 'split'
    )

    select s.output_data
    from body as b
    cross join lateral automation_private.list_inside(
        p_org_id, p_instance_id, b.scope_id
    ) as s
    where s.status = 'completed'
        and s.step_type <> 'split'
        and s.output_data is not null
    order by s.completed_at desc, s.step_id desc
    limit 1
);

comment on function automation_private.last_output(uuid, uuid, uuid) is
    'The output of the step that completed last in a body, the branches of its splits included.';
