create or replace function automation_private.acquire_mutexes(
    p_visits automation_private.visit[]
)
returns automation_private.visit[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_prefix text := automation_private.uuid_v7_prefix(clock_timestamp());
    v_admitted uuid[];
begin
    v_admitted := array(
        select x.step_id
        from (
            select
                v.step_id, m.step_id as holder,
                row_number() over (
                    partition by v.org_id, v.instance_id, v.mutex
                    order by v.ordinality
                ) as turn
            from unnest(p_visits) with ordinality as v
            left join automation_private.mutexes as m
                on m.org_id = v.org_id and m.instance_id = v.instance_id and m.mutex = v.mutex
            where v.mutex is not null
        ) as x
        where coalesce(x.holder = x.step_id, x.turn = 1)
    );
    insert into automation_private.mutexes (org_id, instance_id, mutex, step_id)
    select v.org_id, v.instance_id, v.mutex, v.step_id
    from unnest(p_visits) as v
    where v.step_id = any (v_admitted)
    on conflict (org_id, instance_id, mutex) do nothing;
    insert into automation_private.held_tokens (
        org_id, instance_id, held_id, root_id, reason, mutex, step_order, scope_id, iteration_id,
        from_order, enters_id
    )
    select
        v.org_id, v.instance_id, automation_private.uuid_v7_at(v_prefix, v.ordinality), v.root_id,
        'mutex', v.mutex, v.step_order, v.scope_id, v.iteration_id, v.from_order,
        case when v.is_again then v.step_id end
    from unnest(p_visits) with ordinality as v
    where v.mutex is not null and v.step_id <> all (v_admitted);
    return array(
        select v from unnest(p_visits) as v
        where v.mutex is null or v.step_id = any (v_admitted)
    );
end;
$$;

comment on function automation_private.acquire_mutexes(automation_private.visit[]) is
    'Lets at most one activation per instance have each mutex and lays the tokens of the others '
    'aside, in their order.';
