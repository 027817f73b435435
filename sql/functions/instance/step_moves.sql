create or replace function automation_private.step_moves(
    p_step automation.workflow_definition_steps,
    p_path jsonb
)
returns table (step_order int, path jsonb)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select m.step_order, m.path
    from (
        select
            p_path || to_jsonb(p_step.step_key) as inside,
            case
                when p_step.runs = 'merge' then automation_private.path_before(p_step, p_path)
                else p_path
            end as beside
    ) as w
    cross join lateral (
        select b.step_order, w.inside as path
        from unnest(coalesce(p_step.branches, '{}') || array[
            p_step.body_order, case when p_step.runs = 'split' then p_step.else_order end
        ]) as b (step_order)
        union all
        select
            (c.value ->> 'order')::int,
            case when p_step.runs = 'split' then w.inside else w.beside end
        from jsonb_array_elements(p_step.cases) as c
        union all
        select b.step_order, w.beside
        from unnest(array[
            p_step.next_order, p_step.error_order, p_step.condition_error_order,
            p_step.timeout_order, case when p_step.runs <> 'split' then p_step.else_order end
        ]) as b (step_order)
    ) as m
    where m.step_order > 0;
end;
$$;

comment on function automation_private.step_moves(
    automation.workflow_definition_steps, jsonb
) is
    'Where a token can go from a step, and what it is inside of there: the ids of the splits, '
    'loops and scopes, the outermost first.';
