create or replace function automation_private.drop_stale_matches(
    p_woken automation_private.due_timer[]
)
returns automation_private.due_timer[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_waits boolean[] := array(
        select exists (
            select from automation_private.event_waits as w
            where w.org_id = t.org_id
                and w.instance_id = t.instance_id
                and w.step_id = t.step_id
        )
        from unnest(p_woken) with ordinality as t
        order by t.ordinality
    );
begin
    if true = all (v_waits) then
        return p_woken;
    end if;
    delete from automation_private.event_matches as m
    using unnest(p_woken) with ordinality as t
    where not v_waits[t.ordinality]
        and m.org_id = t.org_id
        and m.instance_id = t.instance_id
        and m.step_id = t.step_id;
    return array(
        select p_woken[x.place]
        from unnest(v_waits) with ordinality as x (waits, place)
        where x.waits
        order by x.place
    );
end;
$$;

comment on function automation_private.drop_stale_matches(automation_private.due_timer[]) is
    'The woken activations that still wait; of the others it removes what a dispatch wrote while '
    'their wait ended.';
