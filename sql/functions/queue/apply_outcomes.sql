create or replace function automation_private.apply_outcomes(
    p_outcomes automation_private.outcome[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_root record;
begin
    if cardinality(p_outcomes) = 0 then
        return;
    end if;
    begin
        perform automation_private.advance(
            automation_private.settle_steps(p_outcomes),
            automation_private.places_freed(p_outcomes)
        );
        return;
    exception when others or assert_failure then
        if automation_private.must_reraise(sqlstate) then
            raise;
        end if;
    end;

    -- one poisoned instance must not hold its batch back: again, each family on its own
    for v_root in
        select o.org_id, o.root_id, array_agg(o) as outcomes
        from unnest(p_outcomes) as o
        group by o.org_id, o.root_id
    loop
        begin
            perform automation_private.advance(
                automation_private.settle_steps(v_root.outcomes),
                automation_private.places_freed(v_root.outcomes)
            );
        exception when others or assert_failure then
            if automation_private.must_reraise(sqlstate) then
                raise;
            end if;
            perform automation_private.fail_poisoned(
                v_root.org_id, v_root.root_id,
                array(select o.instance_id from unnest(v_root.outcomes) as o), sqlstate, sqlerrm
            );
            insert into automation_private.in_flight_changes (org_id, change)
            values (v_root.org_id, -cardinality(v_root.outcomes));
        end;
    end loop;
end;
$$;

comment on function automation_private.apply_outcomes(automation_private.outcome[]) is
    'Settles the outcomes of external actions and advances their instances; a batch that raises is '
    'done again family by family, and what raises alone fails and is recorded.';
