create or replace function automation_private.begin_loops(
    p_visits automation_private.visit[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_outcomes automation_private.outcome[];
begin
    v_outcomes := array(
        select (
            v.org_id, v.instance_id, v.root_id, v.step_id, 'failed', null,
            automation_private.error_object('not_a_list', 'invalid', format(
                'the loop goes over something that is no list (%s)',
                coalesce(jsonb_typeof(v.value -> 'over'), 'nothing')
            )),
            0, null
        )::automation_private.outcome
        from unnest(p_visits) as v
        where v.value ? 'over' and jsonb_typeof(v.value -> 'over') is distinct from 'array'
    );
    insert into automation_private.loop_states (org_id, instance_id, step_id, attempt, items)
    select
        v.org_id, v.instance_id, v.step_id, v.attempt,
        case
            when jsonb_typeof(v.value -> 'over') = 'array'
                then jsonb_array_length(v.value -> 'over')
        end
    from unnest(p_visits) as v;
    insert into automation_private.loop_items (org_id, instance_id, step_id, iteration, item)
    select v.org_id, v.instance_id, v.step_id, e.ordinality - 1, e.value
    from unnest(p_visits) as v
    cross join jsonb_array_elements(
        case when jsonb_typeof(v.value -> 'over') = 'array' then v.value -> 'over' end
    ) with ordinality as e
    where e.ordinality <= 10000;
    return case
        when cardinality(v_outcomes) > 0 then automation_private.settle_steps(v_outcomes)
        else '{}'
    end || automation_private.turn_loops(
        array(select v.org_id from unnest(p_visits) as v),
        array(select v.instance_id from unnest(p_visits) as v),
        array(select v.root_id from unnest(p_visits) as v),
        array(select v.step_id from unnest(p_visits) as v)
    );
end;
$$;

comment on function automation_private.begin_loops(automation_private.visit[]) is
    'Opens loops: lays their items aside and starts their first turns.';
