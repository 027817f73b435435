create or replace function automation_private.fire_merges(
    p_moves automation_private.merge_move[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_cut automation_private.moved_scope[] := array(
        select m.scope from unnest(p_moves) as m where m.cancels
    );
    v_tokens automation_private.token[];
begin
    insert into automation.workflow_steps (
        org_id, instance_id, step_id, step_order, step_key, step_type, status, scope_id,
        iteration_id, from_order, arrived, output_data, started_at, completed_at,
        execution_time_ms
    )
    select
        (m.scope).org_id, (m.scope).instance_id, automation_private.uuid_v7(),
        (m.scope).merge_order, m.merge_key, 'merge', 'completed', (m.scope).scope_id,
        (m.scope).iteration_id, (m.scope).step_order, m.joined,
        jsonb_build_object('arrived', m.joined), v_now, v_now, 0
    from unnest(p_moves) as m
    cross join lateral generate_series(1, m.fires) as n (firing)
    where m.fires > 0;
    if exists (select from unnest(p_moves) as m where m.fires > 0 and m.output_is_read) then
        perform automation_private.keep_arrivals(p_moves);
    end if;
    select array_agg((
        (m.scope).org_id, (m.scope).instance_id, (m.scope).root_id, m.next_order,
        (m.scope).scope_id, (m.scope).iteration_id, (m.scope).merge_order, null
    )::automation_private.token)
    into v_tokens
    from unnest(p_moves) as m
    cross join lateral generate_series(1, m.fires) as n (firing)
    where m.fires > 0;
    if cardinality(v_cut) > 0 then
        v_tokens := v_tokens || automation_private.cancel_within(
            array(select c.org_id from unnest(v_cut) as c),
            array(select c.instance_id from unnest(v_cut) as c),
            array(select c.step_id from unnest(v_cut) as c)
        );
        update automation.workflow_steps as s
        set status = 'completed', live = 0, completed_at = v_now
        from unnest(v_cut) as c
        where s.org_id = c.org_id and s.instance_id = c.instance_id and s.step_id = c.step_id;
    end if;
    return v_tokens;
end;
$$;

comment on function automation_private.fire_merges(automation_private.merge_move[]) is
    'Fires merges: the tokens that go on behind them in the scope around the split; where the '
    'merge says so, the rest of the split is cancelled.';
