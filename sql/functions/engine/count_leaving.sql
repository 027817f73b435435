create or replace function automation_private.count_leaving(p_gone automation_private.token[])
returns automation_private.leaving[]
language sql
immutable
return array(
    select (
        t.org_id, t.instance_id, t.root_id, t.scope_id, count(*),
        count(*) filter (where t.step_order < 0), nullif(-min(t.step_order), 0),
        coalesce(t.from_order > 1000, false)
    )::automation_private.leaving
    from unnest(p_gone) as t
    group by t.org_id, t.instance_id, t.root_id, t.scope_id, coalesce(t.from_order > 1000, false)
);

comment on function automation_private.count_leaving(automation_private.token[]) is
    'How many tokens leave each scope, and how many of them arrived at a merge; compensations '
    '(steps above 1000) apart.';
