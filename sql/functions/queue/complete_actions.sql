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
    v_taken bigint[];
    v_outcomes automation_private.outcome[];
begin
    select r.msg_ids, r.read_cts, r.reports into v_ids, v_reads, v_reports
    from automation_private.read_results(p_results) as r;

    perform automation_private.lock_roots(array_agg(k.org_id), array_agg(k.root_id))
    from (
        select (q.message ->> 'org')::uuid as org_id, (q.message ->> 'root')::uuid as root_id
        from unnest(v_ids, v_reads) as u (msg_id, read_ct)
        inner join pgmq.q_automation_actions as q
            on q.msg_id = u.msg_id and q.read_ct = u.read_ct
    ) as k;

    -- the fence: the lease epoch that pgmq keeps; whoever read the message after us owns it now
    with taken as (
        delete from pgmq.q_automation_actions as q
        using unnest(v_ids, v_reads, v_reports) as u (msg_id, read_ct, report)
        where q.msg_id = u.msg_id and q.read_ct = u.read_ct
        returning q.msg_id, q.message, u.report
    )

    select
        array_agg(t.msg_id),
        array_agg((
            (t.message ->> 'org')::uuid, (t.message ->> 'instance')::uuid,
            (t.message ->> 'root')::uuid, (t.message ->> 'step')::uuid,
            t.report ->> 'status', t.report -> 'output',
            automation_private.reported_error(t.report -> 'error'),
            automation_private.milliseconds_between(
                t.report ->> 'started_at', t.report ->> 'finished_at'
            )
        )::automation_private.outcome order by t.msg_id)
    into v_taken, v_outcomes
    from taken as t;

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
    '"permanent"}, "started_at", "finished_at"}]. Records it, removes the messages and moves '
    'the workflows on, in one transaction. Returns {"accepted": n, "stale": [msg_id, …]}; stale '
    'ones were handed to somebody else or cancelled and change nothing.';
