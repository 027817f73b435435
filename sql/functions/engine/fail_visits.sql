create or replace function automation_private.fail_visits(p_visits automation_private.visit[])
returns automation_private.outcome[]
language sql
immutable
return array(
    select (
        v.org_id, v.instance_id, v.root_id, v.step_id, 'failed', null,
        '{"class": "invalid"}' || v.error || '{"permanent": true}', 0, null
    )::automation_private.outcome
    from unnest(p_visits) as v
    where v.error is not null
);

comment on function automation_private.fail_visits(automation_private.visit[]) is
    'The outcomes of steps that could not even be entered.';
