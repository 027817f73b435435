create or replace function automation.extend_lease(
    p_msg_ids bigint[],
    p_read_cts int[],
    p_seconds int
)
returns bigint[]
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_ours bigint[];
begin
    if p_seconds is null or p_seconds not between 1 and 86400
        or cardinality(p_msg_ids) is distinct from cardinality(p_read_cts)
    then
        raise exception using
            errcode = 'MA001',
            message = 'a lease is extended for as many read counts as ids, by 1 to 86400 seconds',
            detail = format(
                '%s ids, %s read counts, %s seconds',
                cardinality(p_msg_ids), cardinality(p_read_cts), p_seconds
            );
    end if;
    -- one that somebody else holds locked is being completed or cancelled: it is not ours any more
    with held as materialized (
        select q.msg_id
        from unnest(p_msg_ids, p_read_cts) as u (msg_id, read_ct)
        inner join pgmq.q_automation_actions as q
            on q.msg_id = u.msg_id and q.read_ct = u.read_ct
        for update of q skip locked
    ),

    extended as (
        update pgmq.q_automation_actions as q
        set vt = clock_timestamp() + make_interval(secs => p_seconds)
        from held as h
        where q.msg_id = h.msg_id
        returning q.msg_id
    )

    select array_agg(e.msg_id) into v_ours from extended as e;
    return coalesce(v_ours, '{}');
end;
$$;

comment on function automation.extend_lease(bigint[], int[], int) is
    'Keeps messages hidden from other workers for so many seconds from now; returns those that the '
    'caller still holds.';
