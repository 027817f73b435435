create or replace function automation.complete_actions(p_results jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_memoize = off
set jit = off
as $$
declare
    v_ids bigint[];
    v_reads int[];
    v_reports jsonb[];
    v_held automation_private.outcome[];
    v_taken bigint[];
    v_outcomes automation_private.outcome[];
begin
    select r.msg_ids, r.read_cts, r.reports into v_ids, v_reads, v_reports
    from automation_private.read_results(p_results) as r;

    v_held := automation_private.match_messages(v_ids, v_reads, v_reports);
    perform automation_private.lock_roots(array_agg(o.org_id), array_agg(o.root_id))
    from unnest(v_held) as o;

    -- the fence: the lease epoch that pgmq keeps; whoever read the message after us owns it now
    with taken as (
        delete from pgmq.q_automation_actions as q
        using unnest(v_ids, v_reads) as u (msg_id, read_ct)
        where q.msg_id = u.msg_id and q.read_ct = u.read_ct
        returning q.msg_id
    )

    select array_agg(t.msg_id) into v_taken from taken as t;

    v_outcomes := array(
        select (
            o.org_id, o.instance_id, o.root_id, o.step_id, o.status, o.output, o.error,
            o.execution_time_ms, null
        )::automation_private.outcome
        from unnest(v_held) with ordinality as o
        where v_ids[o.ordinality] = any (v_taken) and o.org_id is not null
    );
    if 'rate_limited' = any (array(select o.error ->> 'class' from unnest(v_outcomes) as o)) then
        perform automation_private.block_actions(v_outcomes);
    end if;
    perform automation_private.apply_outcomes(v_outcomes);
    return jsonb_build_object(
        'accepted', coalesce(cardinality(v_taken), 0),
        'stale', (
            select coalesce(jsonb_agg(u.msg_id), '[]')
            from unnest(v_ids) as u (msg_id)
            where v_taken is null or u.msg_id <> all (v_taken)
        )
    );
end;
$$;

comment on function automation.complete_actions(jsonb) is
    'Takes what a worker reports of the messages it holds: [{"msg_id", "read_ct", "status": '
    '"completed" | "failed", "output", "error": {"code", "class", "message", "retry_after", '
    '"permanent"}, "execution_time_ms"}]. Records it, removes the messages and moves the '
    'workflows on, in one transaction. Returns {"accepted": n, "stale": [msg_id, …]}; stale ones '
    'were handed to somebody else or cancelled and change nothing.';
