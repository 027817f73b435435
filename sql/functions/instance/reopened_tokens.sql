create or replace function automation_private.reopened_tokens(
    p_instance automation.workflow_instances,
    p_steps automation.workflow_steps[],
    p_ways text[]
)
returns automation_private.token[]
language sql
stable
return array(
    select (
        o.org_id, o.instance_id, p_instance.root_id,
        case p_ways[o.ordinality] when 'enter' then o.step_order else 0 end,
        case p_ways[o.ordinality] when 'enter' then o.scope_id else o.step_id end,
        o.iteration_id, o.from_order,
        case p_ways[o.ordinality] when 'enter' then o.step_id end
    )::automation_private.token
    from unnest(p_steps) with ordinality as o
    where p_ways[o.ordinality] in ('enter', 'close')
        and not exists (
            select from automation_private.held_tokens as h
            where h.org_id = o.org_id
                and h.instance_id = o.instance_id
                and h.enters_id = o.step_id
        )
    order by o.ordinality
);

comment on function automation_private.reopened_tokens(
    automation.workflow_instances, automation.workflow_steps[], text[]
) is
    'The tokens that enter activations again, and those that close scopes in which all is done.';
