create or replace function automation_private.bound_native_calls(
    p_visits automation_private.visit[],
    inout p_calls_left int,
    out p_admitted automation_private.visit[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_native uuid[] := array(
        select v.step_id from unnest(p_visits) with ordinality as v
        where v.runs = 'native' and v.error is null
        order by v.ordinality
    );
    v_excess uuid[] := v_native[p_calls_left + 1:];
begin
    p_calls_left := greatest(0, p_calls_left - cardinality(v_native));
    if cardinality(v_excess) = 0 then
        p_admitted := p_visits;
        return;
    end if;
    perform automation_private.postpone_tokens(array(
        select automation_private.visit_token(v)
        from unnest(p_visits) as v
        where v.step_id = any (v_excess)
    ));
    p_admitted := array(select v from unnest(p_visits) as v where v.step_id <> all (v_excess));
end;
$$;

comment on function automation_private.bound_native_calls(automation_private.visit[], int) is
    'Admits as many actions inside the database as one transaction may run (each is a '
    'subtransaction) and leaves the others to the next tick.';
