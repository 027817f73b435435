create or replace function automation_private.trip_circuits(p_ended jsonb)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now timestamptz := automation_private.clock();
    v_rule record;
begin
    insert into automation_private.rule_minutes as m (org_id, rule_id, minute, ended, failed)
    select e.org_id, e.rule_id, date_trunc('minute', e.used_at), sum(e.ended), sum(e.failed)
    from jsonb_to_recordset(p_ended) as e (
        org_id uuid, rule_id uuid, ended int, failed int, used_at timestamptz
    )
    group by e.org_id, e.rule_id, date_trunc('minute', e.used_at)
    on conflict (org_id, rule_id, minute) do update
    set ended = m.ended + excluded.ended, failed = m.failed + excluded.failed;

    delete from automation_private.rule_minutes as m
    where m.minute < v_now - interval '61 minutes'
        and (m.org_id, m.rule_id) in (
            select e.org_id, e.rule_id
            from jsonb_to_recordset(p_ended) as e (org_id uuid, rule_id uuid)
        );

    insert into automation_private.rule_health as h (org_id, rule_id, failures_in_row)
    select r.org_id, r.rule_id, r.failures
    from automation_private.count_failures_in_row(p_ended) as r
    on conflict (org_id, rule_id) do update
    set failures_in_row = excluded.failures_in_row;

    for v_rule in
        select h.*, m.ended, m.failed
        from jsonb_to_recordset(p_ended) as e (org_id uuid, rule_id uuid, failed int)
        inner join automation_private.rule_health as h
            on e.org_id = h.org_id and e.rule_id = h.rule_id and h.state = 'closed'
        cross join lateral (
            select sum(x.ended) as ended, sum(x.failed) as failed
            from automation_private.rule_minutes as x
            where x.org_id = h.org_id and x.rule_id = h.rule_id
        ) as m
        where e.failed > 0
            and (h.failures_in_row >= 10 or m.ended >= 20 and m.failed * 2 >= m.ended)
        group by h.org_id, h.rule_id, m.ended, m.failed
    loop
        perform automation_private.trip_circuit(
            v_rule.org_id, v_rule.rule_id, v_rule.failures_in_row, v_rule.ended, v_rule.failed,
            v_now
        );
    end loop;
end;
$$;

comment on function automation_private.trip_circuits(jsonb) is
    'Counts ended runs of rules and pauses those that have failed ten times in a row, or at least '
    'half of twenty or more within the hour.';
