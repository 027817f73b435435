create or replace function automation_private.fail_waits(
    p_visits automation_private.visit[]
)
returns automation_private.outcome[]
language sql
stable
return array(
    select (
        v.org_id, v.instance_id, v.root_id, v.step_id, 'failed', null, f.error, 0, null
    )::automation_private.outcome
    from unnest(p_visits) as v
    cross join lateral (
        select
            case
                when v.timeout > interval '365 days' then automation_private.error_object(
                    'invalid_timeout', 'invalid', 'a wait lasts at most 365 days'
                )
                when v.value @? '$.events[*].count ? (@.type() != "number")'
                    or v.value @? '$.events[*].count ? (@ < 1 || @ > 1000 || @ != @.floor())'
                    then automation_private.error_object(
                        'invalid_count', 'invalid',
                        'a wait counts a whole number of events from 1 to 1000'
                    )
            end as error
    ) as f
    where f.error is not null
);

comment on function automation_private.fail_waits(automation_private.visit[]) is
    'The waits whose rendered settings make no sense.';
