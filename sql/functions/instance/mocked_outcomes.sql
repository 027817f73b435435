create or replace function automation_private.mocked_outcomes(
    p_org_id uuid,
    p_instance_id uuid,
    p_mocks jsonb
)
returns automation_private.outcome[]
language sql
stable
return array(
    select (
        s.org_id, s.instance_id, s.instance_id, s.step_id,
        case when m.error is null then 'completed' else 'failed' end,
        case when m.error is null then coalesce(m.mock -> 'output', '{}') end,
        m.error, 0, null
    )::automation_private.outcome
    from automation.workflow_steps as s
    cross join lateral (
        select
            x.mock,
            case
                when x.mock -> 'timeout' = 'true' then automation_private.error_object(
                    'timeout', 'timeout', 'the step took too long'
                )
                when x.mock ? 'error' then automation_private.error_object(
                    coalesce(x.mock #>> '{error,code}', 'error'),
                    coalesce(x.mock #>> '{error,class}', 'error'),
                    coalesce(x.mock #>> '{error,message}', 'mocked')
                )
            end as error
        from (
            select
                case
                    when jsonb_typeof(p_mocks -> s.step_key) = 'array' then coalesce(
                        p_mocks -> s.step_key -> (s.attempt - 1), p_mocks -> s.step_key -> -1
                    )
                    else p_mocks -> s.step_key
                end as mock
        ) as x
    ) as m
    where s.org_id = p_org_id
        and s.instance_id = p_instance_id
        -- the question whether a rule still holds is an action, too
        and s.step_type in ('action', 'condition')
        and s.status in ('pending', 'running')
    order by s.step_id
);

comment on function automation_private.mocked_outcomes(uuid, uuid, jsonb) is
    'How the open actions of an instance go, as the mocks say.';
