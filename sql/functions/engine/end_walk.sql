create or replace function automation_private.end_walk(
    p_left automation_private.token[],
    p_entered automation_private.tally[],
    p_credit automation_private.credit[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_over automation_private.token[];
begin
    if cardinality(p_left) > 0 then
        perform automation_private.postpone_tokens(p_left);
    end if;
    if cardinality(p_entered) > 0 then
        select c.p_tokens into v_over
        from automation_private.count_activations(p_entered, '{}') as c;
        perform automation_private.postpone_tokens(v_over);
    end if;
    if cardinality(p_credit) > 0 then
        insert into automation_private.in_flight_changes (org_id, change)
        select c.org_id, -c.amount from unnest(p_credit) as c;
    end if;
end;
$$;

comment on function automation_private.end_walk(
    automation_private.token[], automation_private.tally[], automation_private.credit[]
) is
    'Ends a walk: leaves the tokens that are left to the next tick, counts the last steps, gives '
    'back places in the queue that nobody took.';
