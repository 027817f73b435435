create or replace function automation_private.mocked_waits(
    p_org_id uuid,
    p_instance_id uuid,
    p_mocks jsonb
)
returns automation_private.outcome[]
language sql
stable
return array(
    select (
        s.org_id, s.instance_id, i.root_id, s.step_id,
        case when e.error is null then 'completed' else 'failed' end,
        jsonb_build_object(
            'matched', e.error is null, 'waited_seconds', 0,
            'event', case
                when e.error is null and d.options ->> 'kind' = 'events' then jsonb_build_object(
                    'event', coalesce(m.name, b.name), 'event_id', null, 'entity', null,
                    'new', '{}'::jsonb, 'old', null, 'changed', '[]'::jsonb, 'source', 'mock',
                    'occurred_at', automation_private.format_instant(n.now, 'UTC')
                ) || (m.event - 'name')
            end
        ),
        e.error, 0, b.branch
    )::automation_private.outcome
    from automation.workflow_steps as s
    inner join automation.workflow_instances as i
        on s.org_id = i.org_id and s.instance_id = i.instance_id
    inner join automation.workflow_definition_steps as d
        on i.org_id = d.org_id and i.definition_id = d.definition_id
            and s.step_order = d.step_order
    cross join (select automation_private.clock() as now) as n
    cross join lateral (
        select
            x.mock,
            case jsonb_typeof(x.mock -> 'event') when 'object' then x.mock -> 'event' else '{}' end
                as event,
            x.mock #>> '{event,name}' as name
        from (
            select case jsonb_typeof(p_mocks -> s.step_key)
                when 'array' then coalesce(
                    p_mocks -> s.step_key -> (
                        select count(*)
                        from automation.workflow_steps as y
                        where y.org_id = s.org_id
                            and y.instance_id = s.instance_id
                            and y.step_order = s.step_order
                            and y.step_id < s.step_id
                    )::int,
                    p_mocks -> s.step_key -> -1
                )
                else p_mocks -> s.step_key
            end as mock
        ) as x
    ) as m
    left join lateral (
        select d.cases -> (o.ordinality - 1)::int ->> 'name' as branch, o.value ->> 'event' as name
        from jsonb_array_elements(d.options -> 'events') with ordinality as o
        where m.name is null or o.value -> 'names' ? m.name
        order by o.ordinality
        limit 1
    ) as b on true
    cross join lateral (
        select
            case
                when m.mock -> 'timeout' = 'true' then automation_private.error_object(
                    'timeout', 'timeout', 'the step took too long'
                )
                when d.options ->> 'kind' = 'events' and b.branch is null
                    then automation_private.error_object(
                        'unknown_event', 'invalid', format(
                            'the step does not wait for %s', left(m.name, 100)
                        )
                    )
            end as error
    ) as e
    where s.org_id = p_org_id
        and s.instance_id = p_instance_id
        and s.step_type = 'wait'
        and s.status = 'waiting'
    order by s.step_id
);

comment on function automation_private.mocked_waits(uuid, uuid, jsonb) is
    'How the waits of an instance end, as the mocks say, of a list each activation the next one; '
    'by default with an empty event of their first branch.';
