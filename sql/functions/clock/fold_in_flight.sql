create or replace function automation_private.fold_in_flight()
returns void
language sql
volatile
begin atomic
    with folded as (
        delete from automation_private.in_flight_changes as c
        where c.org_id in (
            select x.org_id
            from automation_private.in_flight_changes as x
            group by x.org_id
            having count(*) > 1
        )
        returning c.org_id, c.change
    )

    insert into automation_private.in_flight_changes (org_id, change)
    select f.org_id, sum(f.change)
    from folded as f
    group by f.org_id
    having sum(f.change) <> 0;
end;

comment on function automation_private.fold_in_flight() is
    'Folds the in-flight sums into one row per organisation.';
