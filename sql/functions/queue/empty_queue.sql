create or replace function automation_private.empty_queue(p_org_id uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_strays automation_private.pending_actions[];
    v_message_ids bigint[];
    v_free uuid[];
begin
    select s.p_strays, s.p_message_ids into v_strays, v_message_ids
    from automation_private.list_strays(array[p_org_id], '{}', null) as s;
    -- nobody is waited for: what somebody is moving just now is left to the clock
    v_free := array(
        select i.instance_id
        from automation.workflow_instances as i
        where i.org_id = p_org_id
            and i.instance_id = any (array(select s.root_id from unnest(v_strays) as s))
        for no key update skip locked
    );
    perform automation_private.take_strays(
        array(
            select v_strays[s.ordinality] from unnest(v_strays) with ordinality as s
            where s.root_id = any (v_free)
            order by s.ordinality
        ),
        array(
            select v_message_ids[s.ordinality] from unnest(v_strays) with ordinality as s
            where s.root_id = any (v_free)
            order by s.ordinality
        )
    );
end;
$$;

comment on function automation_private.empty_queue(uuid) is
    'Takes back what an organisation has in the queue and no worker holds.';
