create or replace function automation_private.park_timers(p_timers automation_private.due_timer[])
returns automation_private.due_timer[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_is_parked boolean[];
begin
    if cardinality(p_timers) = 0 then
        return p_timers;
    end if;
    -- also what no tick had found before the pause was over
    v_is_parked := array(
        select exists (
            select from automation.org_pauses as p
            where p.org_id = t.org_id and (
                p.resumed_at is null or t.due_at >= p.paused_at and t.due_at < p.resumed_at
            )
        )
        from unnest(p_timers) with ordinality as t
        order by t.ordinality
    );
    if not true = any (v_is_parked) then
        return p_timers;
    end if;
    perform automation_private.put_timers_back(
        array(
            select p_timers[u.place] from unnest(v_is_parked) with ordinality as u (parked, place)
            where u.parked
        ),
        true
    );
    return array(
        select p_timers[u.place] from unnest(v_is_parked) with ordinality as u (parked, place)
        where not u.parked
        order by u.place
    );
end;
$$;

comment on function automation_private.park_timers(automation_private.due_timer[]) is
    'Sets timers aside that are or became due while their organisation is or was paused, so that '
    'no tick finds them again until they are let go, and returns the others. Their families are '
    'locked.';
