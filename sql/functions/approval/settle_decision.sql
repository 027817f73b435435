create or replace function automation_private.settle_decision(p_outcome automation_private.outcome)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform automation_private.advance(automation_private.settle_steps(array[p_outcome]));
exception when others or assert_failure then
    if automation_private.must_reraise(sqlstate) then
        raise;
    end if;
    -- the decision stands; what follows it fails as it would at any other time
    perform automation_private.fail_poisoned(
        p_outcome.org_id, p_outcome.root_id, array[p_outcome.instance_id], sqlstate, sqlerrm
    );
end;
$$;

comment on function automation_private.settle_decision(automation_private.outcome) is
    'Moves a workflow on behind an approval that was just decided; an instance that cannot be '
    'moved fails and is recorded, the vote counts.';
