create or replace function automation_private.drop_blocks(p_now timestamptz)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    -- one that somebody is just ending is not waited for
    with free as materialized (
        select b.ctid as place
        from automation_private.action_blocks as b
        where b.blocked_until <= p_now
        for update skip locked
    )

    delete from automation_private.action_blocks as b
    where b.ctid = any (array(select f.place from free as f));
end;
$$;

comment on function automation_private.drop_blocks(timestamptz) is
    'Forgets blocks of actions and providers that are over.';
