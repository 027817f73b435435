create or replace function automation_private.drop_results(p_now timestamptz)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- one that somebody is just keeping anew is not waited for
    with expired as materialized (
        select c.org_id, c.action, c.key_hash, c.step_id
        from automation_private.result_cache as c
        where c.expires_at <= p_now
        order by c.expires_at
        limit 5000
        for update skip locked
    )

    delete from automation_private.result_cache as c
    using expired as x
    where c.org_id = x.org_id
        and c.action = x.action
        and c.key_hash = x.key_hash
        and c.step_id = x.step_id;
end;
$$;

comment on function automation_private.drop_results(timestamptz) is
    'Forgets results of actions that have been kept for as long as they were asked to, some '
    'thousands at a time.';
