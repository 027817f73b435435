create or replace function automation_private.find_condition_sets(p_org_id uuid, p_names text[])
returns jsonb
language sql stable
begin atomic
    with recursive reached (name) as (
        select n.name from unnest(p_names) as n (name)
        union
        select n.name
        from reached as r
        inner join automation.condition_sets as s on s.org_id = p_org_id and r.name = s.name
        cross join lateral unnest(automation_private.list_references(s.condition)) as n (name)
    )

    select coalesce(jsonb_object_agg(s.name, s.condition), '{}')
    from reached as r
    inner join automation.condition_sets as s on s.org_id = p_org_id and r.name = s.name;
end;

comment on function automation_private.find_condition_sets(uuid, text[]) is
'The condition sets of these names, and all that they refer to, as {name: condition}.';
