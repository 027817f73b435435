create or replace function automation_private.leave_splits(
    p_moves automation_private.merge_move[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_closed automation_private.merge_move[] := array(
        select m from unnest(p_moves) as m where (m.scope).live = 0 or m.cancels
    );
begin
    if cardinality(v_closed) = 0 then
        return '{}'::automation_private.token[];
    end if;
    return automation_private.release_mutexes(
        array(select (m.scope).org_id from unnest(v_closed) as m),
        array(select (m.scope).instance_id from unnest(v_closed) as m),
        array(select (m.scope).step_id from unnest(v_closed) as m)
    );
end;
$$;

comment on function automation_private.leave_splits(automation_private.merge_move[]) is
    'Frees the mutexes of splits that have closed; returns the tokens that enter in their place.';
