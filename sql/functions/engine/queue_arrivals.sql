create or replace function automation_private.queue_arrivals(
    p_visits automation_private.visit[],
    out p_gone automation_private.token[],
    out p_fired automation_private.token[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_fires automation_private.leaving[];
    v_fired automation_private.visit[];
begin
    insert into automation_private.queued_arrivals as q (
        org_id, instance_id, scope_id, merge_order, from_order, arrived
    )
    select v.org_id, v.instance_id, v.scope_id, v.step_order, v.from_order, count(*)
    from unnest(p_visits) as v
    group by v.org_id, v.instance_id, v.scope_id, v.step_order, v.from_order
    on conflict (org_id, instance_id, scope_id, merge_order, from_order)
    do update set arrived = q.arrived + excluded.arrived;
    v_fires := array(
        select (
            v.org_id, v.instance_id, v.root_id, v.scope_id, m.fires, 0, v.step_order,
            false
        )::automation_private.leaving
        from (
            select distinct
                x.org_id, x.instance_id, x.root_id, x.scope_id, x.step_order, x.branches
            from unnest(p_visits) as x
        ) as v
        cross join lateral (
            select min(coalesce(q.arrived, 0)) as fires
            from unnest(v.branches) as f (from_order)
            left join automation_private.queued_arrivals as q
                on q.org_id = v.org_id
                    and q.instance_id = v.instance_id
                    and q.scope_id = v.scope_id
                    and q.merge_order = v.step_order
                    and q.from_order = f.from_order
        ) as m
        where m.fires > 0
    );
    update automation_private.queued_arrivals as q
    set arrived = q.arrived - f.tokens
    from unnest(v_fires) as f
    where q.org_id = f.org_id
        and q.instance_id = f.instance_id
        and q.scope_id = f.scope_id
        and q.merge_order = f.merge_order;
    v_fired := array(
        select p_visits[x.ordinality]
        from (
            select
                v.ordinality, f.tokens as fires,
                row_number() over (
                    partition by v.org_id, v.instance_id, v.scope_id, v.step_order
                ) as place
            from unnest(p_visits) with ordinality as v
            inner join unnest(v_fires) as f
                on f.org_id = v.org_id
                    and f.instance_id = v.instance_id
                    and f.scope_id = v.scope_id
                    and f.merge_order = v.step_order
        ) as x
        where x.place <= x.fires
    );
    p_gone := array(
        select (
            v.org_id, v.instance_id, v.root_id, 0, v.scope_id, v.iteration_id, v.step_order, null
        )::automation_private.token
        from unnest(p_visits) as v
        where v.step_id not in (select f.step_id from unnest(v_fired) as f)
    );
    p_fired := automation_private.pass_arrivals(v_fired);
end;
$$;

comment on function automation_private.queue_arrivals(automation_private.visit[]) is
    'Queues tokens at merges that have no split, per step they come from. For each full set one '
    'goes on in the place of all (p_fired); the others end (p_gone).';
