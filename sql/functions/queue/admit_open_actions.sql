create or replace function automation_private.admit_open_actions(
    p_actions automation_private.action_call[],
    p_credit automation_private.credit[]
)
returns boolean[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_open boolean[] := array(
        select not h.is_held
        from unnest(p_actions) with ordinality as a
        inner join (
            select d.org_id, d.action, automation_private.is_held(d.org_id, d.action, n.now)
            from (select distinct x.org_id, x.action from unnest(p_actions) as x) as d
            cross join (select automation_private.clock() as now) as n
            offset 0
        ) as h on h.org_id = a.org_id and h.action = a.action
        order by a.ordinality
    );
    v_admitted boolean[] := automation_private.admit_actions(
        array(
            select p_actions[o.place] from unnest(v_open) with ordinality as o (is_open, place)
            where o.is_open
            order by o.place
        ),
        p_credit
    );
begin
    return array(
        select o.is_open and v_admitted[count(*) filter (where o.is_open) over w]
        from unnest(v_open) with ordinality as o (is_open, place)
        window w as (order by o.place)
        order by o.place
    );
end;
$$;

comment on function automation_private.admit_open_actions(
    automation_private.action_call[], automation_private.credit[]
) is
    'Which actions may go to the queue now, where there are limits: those with a limit or a block '
    'are left to the clock, which alone counts, and take no place away from the others.';
