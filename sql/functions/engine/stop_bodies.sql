create or replace function automation_private.stop_bodies(p_visits automation_private.visit[])
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_stops automation_private.outcome[];
    v_tokens automation_private.token[];
begin
    -- step_id: the activation that ends; branch: what it is
    v_stops := array(
        select distinct on (x.org_id, x.ends_id) (
            x.org_id, x.instance_id, x.root_id, x.ends_id, x.status, null,
            automation_private.stop_error(x.visit), null, x.scope
        )::automation_private.outcome
        from (
            select
                v.org_id, v.instance_id, v.root_id, v.ordinality, v.visit,
                (v.visit).value ->> 'scope' as scope,
                coalesce((v.visit).value ->> 'status', 'completed') as status,
                case (v.visit).value ->> 'scope'
                    when 'loop' then i.scope_id
                    when 'iteration' then v.iteration_id
                    else v.step_id
                end as ends_id
            from (
                select y.*, y as visit, row_number() over () as ordinality
                from unnest(p_visits) as y
            ) as v
            left join automation.workflow_steps as i
                on i.org_id = v.org_id
                    and i.instance_id = v.instance_id
                    and i.step_id = v.iteration_id
        ) as x
        order by x.org_id, x.ends_id, x.ordinality
    );
    v_tokens := array(
        select (
            v.org_id, v.instance_id, v.root_id, 0, v.scope_id, v.iteration_id, v.step_order, null
        )::automation_private.token
        from unnest(p_visits) as v
        where v.value ->> 'scope' = 'branch'
            and coalesce(v.value ->> 'status', 'completed') <> 'failed'
    ) || automation_private.fail_boundaries(array(
        select (
            v.org_id, v.instance_id, v.root_id, v.step_id, v.step_order, v.step_key, v.step_type,
            v.runs, v.scope_id, v.iteration_id, 'fatal', null, automation_private.stop_error(v),
            0, null, 0, null, 'none', null, false, false, null, false, 1
        )::automation_private.settled
        from unnest(p_visits) as v
        where v.value ->> 'scope' = 'branch' and v.value ->> 'status' = 'failed'
    )) || automation_private.settle_steps(array(
        select s from unnest(v_stops) as s where s.branch = 'loop' and s.status <> 'completed'
    )) || automation_private.complete_loops(array(
        select s from unnest(v_stops) as s where s.branch = 'loop' and s.status = 'completed'
    ));
    v_stops := array(select s from unnest(v_stops) as s where s.branch = 'iteration');
    if cardinality(v_stops) > 0 then
        v_tokens := v_tokens || automation_private.cancel_within(
            array(select s.org_id from unnest(v_stops) as s),
            array(select s.instance_id from unnest(v_stops) as s),
            array(select s.step_id from unnest(v_stops) as s)
        ) || automation_private.end_iterations(v_stops);
    end if;
    return v_tokens;
end;
$$;

comment on function automation_private.stop_bodies(automation_private.visit[]) is
    'Ends the loops, turns and tokens that stop steps stop.';
