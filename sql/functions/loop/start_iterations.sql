create or replace function automation_private.start_iterations(
    p_turns automation_private.loop_turn[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_prefix text := automation_private.uuid_v7_prefix(clock_timestamp());
    v_tokens automation_private.token[];
begin
    with turn as materialized (
        select
            t.*, n.iteration,
            automation_private.uuid_v7_at(v_prefix, row_number() over ()) as turn_id
        from unnest(p_turns) as t
        cross join lateral generate_series(t.started, t.started + t.starts - 1) as n (iteration)
    ),

    begun as (
        insert into automation.workflow_steps (
            org_id, instance_id, step_id, step_order, step_key, step_type, status, scope_id,
            iteration_id, from_order, iteration, attempt, started_at, live, input_data, locals
        )
        select
            t.org_id, t.instance_id, t.turn_id, t.step_order, t.step_key, 'iteration', 'running',
            t.step_id, t.iteration_id, t.step_order, t.iteration, t.attempt,
            automation_private.clock(), 1, i.item,
            automation_private.turn_locals(t.alias, t.iteration, l.items, i.item)
        from turn as t
        inner join automation_private.loop_states as l
            on l.org_id = t.org_id and l.instance_id = t.instance_id and l.step_id = t.step_id
        left join automation_private.loop_items as i
            on i.org_id = t.org_id
                and i.instance_id = t.instance_id
                and i.step_id = t.step_id
                and i.iteration = t.iteration
    ),

    counted as (
        update automation.workflow_steps as s
        set live = s.live + t.starts
        from unnest(p_turns) as t
        where s.org_id = t.org_id and s.instance_id = t.instance_id and s.step_id = t.step_id
    ),

    started as (
        update automation_private.loop_states as l
        set started = l.started + t.starts
        from unnest(p_turns) as t
        where l.org_id = t.org_id and l.instance_id = t.instance_id and l.step_id = t.step_id
    )

    select array_agg((
        t.org_id, t.instance_id, t.root_id, t.body_order, t.turn_id, t.turn_id, t.step_order, null
    )::automation_private.token order by t.turn_id)
    into v_tokens
    from turn as t;
    return v_tokens;
end;
$$;

comment on function automation_private.start_iterations(automation_private.loop_turn[]) is
    'Starts the next turns of loops: an activation each, in which the tokens of the body live.';
