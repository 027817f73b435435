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
        case
            when m.error is not null then null
            when s.step_type = 'workflow' then jsonb_build_object(
                'instance_id', s.step_id, 'status', 'completed'
            ) || case jsonb_typeof(m.mock -> 'output')
                when 'object' then m.mock -> 'output' else '{}'
            end
            else coalesce(m.mock -> 'output', '{}')
        end,
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
        and s.step_type in ('action', 'condition', 'workflow')
        and s.status in ('pending', 'running')
    order by s.step_id
) || automation_private.mocked_approvals(p_org_id, p_instance_id, p_mocks);

comment on function automation_private.mocked_outcomes(uuid, uuid, jsonb) is
    'How the open actions, sub-workflows and approvals of an instance go, as the mocks say.';
