create or replace function automation_private.note_starts(p_org_ids uuid[], p_now timestamptz)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from automation.action_limits as l where l.org_id = any (p_org_ids)) then
        return;
    end if;
    with seen as materialized (
        select m.*, q.read_ct
        from automation_private.limited_messages as m
        left join pgmq.q_automation_actions as q on q.msg_id = m.message_id
        where m.org_id = any (p_org_ids)
    ),

    gone as (
        delete from automation_private.limited_messages as m
        using seen as s
        where m.org_id = s.org_id
            and m.message_id = s.message_id
            and m.limit_key = s.limit_key
            and s.read_ct is null
    ),

    taken as (
        update automation_private.limited_messages as m
        set reads = s.read_ct
        from seen as s
        where m.org_id = s.org_id
            and m.message_id = s.message_id
            and m.limit_key = s.limit_key
            and s.read_ct > s.reads
    ),

    -- nothing counts as started before it was: what is gone at the latest when its attempt ended
    started as (
        select
            s.org_id, s.limit_key, coalesce(s.read_ct, 1) - s.reads as starts, l.per,
            coalesce(automation_private.attempt_end(s.org_id, s.instance_id, s.step_id, case
                when s.read_ct is null then s.attempt
            end), p_now) as before
        from seen as s
        inner join automation.action_limits as l
            on l.org_id = s.org_id and l.limit_key = s.limit_key and l.max_starts is not null
        where coalesce(s.read_ct, 1) > s.reads
    )

    insert into automation_private.limit_starts as x (org_id, limit_key, until, starts)
    select
        s.org_id, s.limit_key,
        date_bin(s.per / 100, s.before, '2000-01-01 00:00:00+00') + s.per / 100 as until,
        sum(s.starts)
    from started as s
    group by s.org_id, s.limit_key, until
    on conflict (org_id, limit_key, until) do update set starts = x.starts + excluded.starts;

    delete from automation_private.limit_starts as s
    using automation.action_limits as l
    where s.org_id = any (p_org_ids)
        and l.org_id = s.org_id
        and l.limit_key = s.limit_key
        and s.until <= p_now - l.per;
end;
$$;

comment on function automation_private.note_starts(uuid[], timestamptz) is
    'Counts what workers have taken of limited actions since the last look, by what the queue and '
    'the steps show, so that no worker and no report has to count.';
