create or replace function automation_private.resolve_links(
    p_steps automation_private.compiled_step[]
)
returns setof automation_private.resolved_links
language sql
immutable
begin atomic
    with link as (
        select
            s.ordinality::int as source, l.role, coalesce(t.ordinality::int, 0) as target,
            l.ordinality
        from unnest(p_steps) with ordinality as s
        cross join unnest(s.links) with ordinality as l
        left join unnest(p_steps) with ordinality as t on l.target = t.step_key
        where l.role not like 'reads%' and l.role <> 'split'
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
    )

    select
        s.ordinality::int, w.next_order, w.else_order, w.error_order, w.condition_error_order,
        w.body_order, w.timeout_order, w.from_orders,
        w.branches,
        case
            when w.cases is null or s.cases is null then s.cases
            else (
                select jsonb_agg(
                    c.value || jsonb_build_object('order', w.cases[c.ordinality])
                    order by c.ordinality
                )
                from jsonb_array_elements(s.cases) with ordinality as c
            )
        end
    from unnest(p_steps) with ordinality as s
    left join way as w on s.ordinality = w.source;
end;

comment on function automation_private.resolve_links(automation_private.compiled_step[]) is
    'Where each step leads to.';
