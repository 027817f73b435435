create or replace function automation_private.check_dependents(
    p_org_id uuid, p_name text, p_tree jsonb
)
returns jsonb
language sql stable
begin atomic
    with recursive dependent (name) as (
        select p_name
        union
        select s.name
        from dependent as d
        inner join automation.condition_sets as s
            on s.org_id = p_org_id
            and d.name = any (automation_private.list_references(s.condition))
    ),

    known as materialized (
        select automation_private.find_condition_sets(
            p_org_id,
            array(select d.name from dependent as d) || automation_private.list_references(p_tree)
        ) || jsonb_build_object(p_name, p_tree) as sets
    )

    select jsonb_agg(jsonb_build_object(
        'pointer', '',
        'code', 'breaks_condition_set',
        'message', format(
            'condition set %s refers to this one and would become invalid: %s',
            to_json(d.name), c.errors -> 0 ->> 'message'
        )
    ) order by d.name)
    from dependent as d
    cross join known as k
    cross join lateral automation_private.compile_either(automation_private.expand_node(
        k.sets -> d.name, k.sets, array[d.name], 1
    )) as c
    where d.name <> p_name and c.errors is not null;
end;

comment on function automation_private.check_dependents(uuid, text, jsonb) is
'The errors that a new content of a condition set would cause in those that refer to it.';
