create or replace function automation_private.successors(p_visits automation_private.visit[])
returns automation_private.token[]
language sql
immutable
return array(
    select (
        v.org_id, v.instance_id, v.root_id, n.step_order,
        case when v.runs in ('split', 'scope') then v.step_id else v.scope_id end,
        v.iteration_id, v.step_order, null
    )::automation_private.token
    from unnest(p_visits) as v
    cross join lateral unnest(
        case when v.runs = 'split' then v.branches else array[v.next_order] end
    ) as n (step_order)
    where v.runs in ('condition', 'set', 'split', 'scope') and v.error is null
);

comment on function automation_private.successors(automation_private.visit[]) is
    'The tokens that go on at once: behind a condition or set, one per branch in the scope of a '
    'split, and the one in the body of a scope.';
