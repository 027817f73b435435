create or replace function automation_private.count_visits(p_visits automation_private.visit[])
returns automation_private.tally[]
language sql
immutable
return array(
    select (
        v.org_id, v.instance_id, v.root_id,
        sum(case when v.runs = 'split' then 1 + cardinality(v.branches) else 1 end)
    )::automation_private.tally
    from unnest(p_visits) as v
    where v.runs in ('condition', 'set', 'split', 'stop') and v.error is null
    group by v.org_id, v.instance_id, v.root_id
);

comment on function automation_private.count_visits(automation_private.visit[]) is
    'How many steps per instance were done on entry; the others are counted when they are settled.';
