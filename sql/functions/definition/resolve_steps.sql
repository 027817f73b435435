create or replace function automation_private.resolve_steps(
    p_org_id uuid,
    p_definition_id uuid,
    p_compiled automation_private.compiled_definition
)
returns setof automation.workflow_definition_steps
language sql
stable
begin atomic
    with target as (
        select s.step_key, s.ordinality::int as step_order
        from unnest(p_compiled.steps) with ordinality as s
    ),

    link as (
        select
            s.ordinality::int as source, l.role, coalesce(t.step_order, 0) as target, l.ordinality
        from unnest(p_compiled.steps) with ordinality as s
        cross join unnest(s.links) with ordinality as l
        left join target as t on l.target = t.step_key
        where l.role not in ('reads', 'split')
    ),

    way as (
        select
            l.source,
            max(l.target) filter (where l.role = 'next') as next_order,
            max(l.target) filter (where l.role = 'else') as else_order,
            max(l.target) filter (where l.role = 'error') as error_order,
            max(l.target) filter (where l.role = 'condition_error') as condition_error_order,
            max(l.target) filter (where l.role = 'body') as body_order,
            max(l.target) filter (where l.role = 'timeout') as timeout_order,
            array_agg(l.target order by l.ordinality) filter (where l.role = 'from') as from_orders,
            array_agg(l.target order by l.ordinality) filter (where l.role = 'branch') as branches,
            array_agg(l.target order by l.ordinality) filter (where l.role = 'case') as cases
        from link as l
        group by l.source
    ),

    partner as (
        select p_compiled.scopes[s.ordinality] as split, s.ordinality::int as merge
        from unnest(p_compiled.steps) with ordinality as s
        where s.runs = 'merge'
    ),

    read as (
        select l.target as name
        from unnest(p_compiled.steps) as s
        cross join unnest(s.links) as l
        where l.role = 'reads'
        union
        select unnest(p_compiled.output_reads)
    )

    select
        p_org_id, p_definition_id, s.ordinality::int, s.step_key, s.step_name, s.step_type, s.runs,
        s.action, s.params, s.bindings, s.reads, s.condition, s.derived,
        case
            when w.cases is null or s.cases is null then s.cases
            else (
                select jsonb_agg(
                    c.value || jsonb_build_object('order', w.cases[c.ordinality])
                    order by c.ordinality
                )
                from jsonb_array_elements(s.cases) with ordinality as c
            )
        end,
        coalesce(w.next_order, 0), coalesce(w.else_order, 0), w.error_order,
        w.condition_error_order, w.branches, s.branch_names, coalesce(m.split, p.merge, 0),
        coalesce(w.body_order, 0), w.timeout_order, null::int, w.from_orders, s.mutex, s.options,
        s.result, s.result_bindings, s.save_as, s.saves,
        'steps.' || s.step_key in (select r.name from read as r),
        s.retry, s.timeout_is_set, s.source
    from unnest(p_compiled.steps) with ordinality as s
    left join way as w on s.ordinality = w.source
    left join partner as m on s.ordinality = m.merge
    left join partner as p on s.ordinality = p.split;
end;

comment on function automation_private.resolve_steps(
    uuid, uuid, automation_private.compiled_definition
) is
    'The rows of workflow_definition_steps that a compiled definition is stored as.';
