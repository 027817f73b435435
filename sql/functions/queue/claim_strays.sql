create or replace function automation_private.claim_strays(
    p_limit int,
    p_now timestamptz,
    out p_strays automation_private.pending_actions[],
    out p_message_ids bigint[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_orgs uuid[] := array(
        select p.org_id
        from automation.org_pauses as p
        where p.resumed_at is null and 0 < (
            select sum(c.change)
            from automation_private.in_flight_changes as c
            where c.org_id = p.org_id
        )
    );
    v_blocks automation_private.action_blocks[] := array(
        select b from automation_private.action_blocks as b
        where not b.is_swept and b.blocked_until > p_now
    );
begin
    p_strays := '{}';
    p_message_ids := '{}';
    if cardinality(v_orgs) = 0 and cardinality(v_blocks) = 0 then
        return;
    end if;
    -- reading the queue takes long when it is long: one engine does it, once a second
    perform from automation_private.housekeeping as h
    where h.task = 'take_strays' and h.due_at <= p_now
    for update skip locked;
    if not found then
        return;
    end if;
    update automation_private.housekeeping as h
    set due_at = p_now + interval '1 second'
    where h.task = 'take_strays';

    select s.p_strays, s.p_message_ids into p_strays, p_message_ids
    from automation_private.list_strays(v_orgs, v_blocks, p_limit) as s;
    if cardinality(p_strays) < p_limit then
        with free as materialized (
            select b.ctid as place
            from automation_private.action_blocks as b
            inner join unnest(v_blocks) as d
                on d.org_id = b.org_id
                    and d.limit_key = b.limit_key
                    and d.blocked_until = b.blocked_until
            for update of b skip locked
        )

        update automation_private.action_blocks as b
        set is_swept = true
        where b.ctid = any (array(select f.place from free as f));
    end if;
end;
$$;

comment on function automation_private.claim_strays(int, timestamptz) is
    'What has to be taken back from the queue, if anything may have to and nobody has looked '
    'within a second.';
