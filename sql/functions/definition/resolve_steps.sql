create or replace function automation_private.resolve_steps(
    p_org_id uuid,
    p_definition_id uuid,
    p_compiled automation_private.compiled_definition
)
returns setof automation.workflow_definition_steps
language sql
stable
begin atomic
    with partner as (
        select
            p_compiled.scopes[s.ordinality] as split, s.ordinality::int as merge,
            case when s.source -> 'blocking' = 'true' then '#' || s.step_key end as mutex
        from unnest(p_compiled.steps) with ordinality as s
        where s.runs = 'merge' and not s.source ? 'from'
    ),

    undo as (
        select s.ordinality::int as step, 1000 + s.ordinality::int as undo
        from unnest(p_compiled.steps) with ordinality as s
        where s.compensation is not null
    ),

    read as (
        select l.target as name
        from unnest(p_compiled.steps) as s
        cross join unnest(s.links) as l
        where l.role like 'reads%'
        union
        select unnest(p_compiled.output_reads)
    )

    select
        p_org_id, p_definition_id, s.ordinality::int, s.step_key, s.step_name, s.step_type, s.runs,
        s.action, s.params, s.bindings, s.reads, s.condition, s.derived, w.cases,
        coalesce(w.next_order, 0), coalesce(w.else_order, 0), w.error_order,
        w.condition_error_order, w.branches, s.branch_names, coalesce(m.split, p.merge, 0),
        coalesce(w.body_order, 0), w.timeout_order, u.undo, w.from_orders,
        coalesce(s.mutex, p.mutex), s.options, s.result, s.result_bindings,
        s.save_as, s.saves, 'steps.' || s.step_key in (select r.name from read as r),
        s.retry, s.timeout_is_set, s.source
    from unnest(p_compiled.steps) with ordinality as s
    inner join automation_private.resolve_links(p_compiled.steps) as w on s.ordinality = w.source
    left join partner as m on s.ordinality = m.merge
    left join partner as p on s.ordinality = p.split
    left join undo as u on s.ordinality = u.step
    union all
    select
        p_org_id, p_definition_id, u.undo, s.step_key || '.undo', null, 'compensation',
        s.compensation ->> 'runs', s.compensation ->> 'action', s.compensation -> 'params',
        nullif(s.compensation -> 'bindings', 'null'),
        (
            select array_agg(r.name)
            from jsonb_array_elements_text(nullif(s.compensation -> 'reads', 'null')) as r (name)
        ),
        null, null, null, 0, 0, 0, null, null, null, 0, 0, null, null, null, null, '{}', null,
        null, null, 'none', false, nullif(s.compensation -> 'retry', 'null'), false,
        s.compensation -> 'source'
    from unnest(p_compiled.steps) with ordinality as s
    inner join undo as u on s.ordinality = u.step;
end;

comment on function automation_private.resolve_steps(
    uuid, uuid, automation_private.compiled_definition
) is
    'The rows of workflow_definition_steps that a compiled definition is stored as; what undoes '
    'steps comes last.';
