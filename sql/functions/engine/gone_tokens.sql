create or replace function automation_private.gone_tokens(
    p_ready automation_private.token[],
    p_visits automation_private.visit[],
    p_present text[]
)
returns automation_private.token[]
language sql
immutable
return array(select t from unnest(p_ready) as t where t.step_order <= 0) || case
    when p_present && array['merge'] then array(
        select (
            v.org_id, v.instance_id, v.root_id, -v.step_order, v.scope_id, v.iteration_id,
            v.from_order, null
        )::automation_private.token
        from unnest(p_visits) as v
        where v.runs = 'merge' and v.branches is null
    )
    else '{}'
end;

comment on function automation_private.gone_tokens(
    automation_private.token[], automation_private.visit[], text[]
) is
    'The tokens that leave their scope: those that have ended and those that arrived at a merge.';
