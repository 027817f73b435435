create or replace function automation_private.places_freed(
    p_outcomes automation_private.outcome[]
)
returns automation_private.credit[]
language sql
stable
return array(
    select (o.org_id, count(*))::automation_private.credit
    from unnest(p_outcomes) as o
    group by o.org_id
);

comment on function automation_private.places_freed(automation_private.outcome[]) is
    'How many places in the queue the outcomes of external actions free, per organisation.';
