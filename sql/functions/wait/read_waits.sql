create or replace function automation_private.read_waits(
    p_org_ids uuid[],
    p_instance_ids uuid[],
    p_step_ids uuid[],
    p_now timestamptz
)
returns table (
    org_id uuid,
    instance_id uuid,
    step_id uuid,
    root_id uuid,
    timezone text,
    started_at timestamptz,
    options jsonb,
    cases jsonb,
    condition jsonpath,
    derived jsonb,
    context jsonb
)
language sql
stable
begin atomic
    -- offset 0: by primary key, and each context is built once, if anything reads it
    select
        u.org_id, u.instance_id, u.step_id, i.root_id, i.timezone, s.started_at, d.options, d.cases,
        d.condition, d.derived, c.context
    from unnest(p_org_ids, p_instance_ids, p_step_ids) as u (org_id, instance_id, step_id)
    cross join lateral (
        select x.root_id, x.definition_id, x.timezone
        from automation.workflow_instances as x
        where x.org_id = u.org_id and x.instance_id = u.instance_id
        offset 0
    ) as i
    cross join lateral (
        select x.step_order, x.iteration_id, x.started_at
        from automation.workflow_steps as x
        where x.org_id = u.org_id and x.instance_id = u.instance_id and x.step_id = u.step_id
        offset 0
    ) as s
    cross join lateral (
        select x.options, x.cases, x.condition, x.derived, x.reads
        from automation.workflow_definition_steps as x
        where x.org_id = u.org_id
            and x.definition_id = i.definition_id
            and x.step_order = s.step_order
        offset 0
    ) as d
    cross join lateral (
        select
            case
                when d.condition is not null or d.options @? '$.events[*].filter'
                    then automation_private.read_context(
                        u.org_id, u.instance_id, s.iteration_id, d.reads, p_now
                    )
            end as context
        offset 0 -- noqa: PRS
    ) as c;
end;

comment on function automation_private.read_waits(uuid[], uuid[], uuid[], timestamptz) is
    'What activations that wait were told, and what their conditions and filters see now.';
