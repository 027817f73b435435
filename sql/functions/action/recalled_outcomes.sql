create or replace function automation_private.recalled_outcomes(
    p_visits automation_private.visit[]
)
returns automation_private.outcome[]
language sql
immutable
return array(
    select (
        v.org_id, v.instance_id, v.root_id, v.step_id, 'completed', v.value -> 'output', null, 0,
        null
    )::automation_private.outcome
    from unnest(p_visits) as v
    where v.runs = 'cached'
);

comment on function automation_private.recalled_outcomes(automation_private.visit[]) is
    'The outcomes of actions whose result was at hand.';
