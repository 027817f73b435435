create or replace function automation_private.decide_waits(
    p_woken automation_private.due_timer[]
)
returns automation_private.outcome[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_org_ids uuid[] := array(select t.org_id from unnest(p_woken) as t);
    v_instance_ids uuid[] := array(select t.instance_id from unnest(p_woken) as t);
    v_step_ids uuid[] := array(select t.step_id from unnest(p_woken) as t);
begin
    perform automation_private.judge_matches(v_org_ids, v_instance_ids, v_step_ids);
    perform automation_private.consume_events(v_org_ids, v_instance_ids, v_step_ids);
    return array(
        select (
            w.org_id, w.instance_id, w.root_id, w.step_id, 'completed',
            automation_private.wait_output(c, w.started_at, v_now), null,
            least(extract(epoch from v_now - w.started_at) * 1000, 2147483647),
            w.cases -> c.place - 1 ->> 'name'
        )::automation_private.outcome
        from automation_private.choose_matches(v_org_ids, v_instance_ids, v_step_ids) as c
        inner join automation_private.read_waits(
            v_org_ids, v_instance_ids, v_step_ids, v_now
        ) as w on c.org_id = w.org_id and c.instance_id = w.instance_id and c.step_id = w.step_id
        order by c.org_id, c.step_id
    );
end;
$$;

comment on function automation_private.decide_waits(automation_private.due_timer[]) is
    'The waits that the events noted for them end: by the first branch that has as many as it '
    'needs.';
