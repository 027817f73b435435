-- Who owns what. The owner's functions stay inside the tenant (FORCE row level security); the
-- engine's see all organisations and carry org_id in every join; actions run as the actor.
grant create on schema automation, automation_private to automation_engine, automation_actor;

do $$
declare
    v_object record;
begin
    for v_object in
        select c.oid::regclass as name
        from pg_catalog.pg_class as c
        where c.relnamespace in ('automation'::regnamespace, 'automation_private'::regnamespace)
            and c.relkind in ('r', 'p', 'v')
            and c.relname !~ 'yoyo'
            and c.relowner <> 'automation_owner'::regrole
    loop
        execute format('alter table %s owner to automation_owner', v_object.name);
    end loop;

    for v_object in
        select
            p.oid::regprocedure as name,
            case p.prokind when 'a' then 'aggregate' when 'p' then 'procedure' else 'function' end
                as kind,
            case
                when p.proname in ('run_action', 'read_current') then 'automation_actor'
                when p.pronamespace = 'automation_private'::regnamespace then 'automation_engine'
                when p.proname in (
                    'complete_actions', 'extend_lease', 'tick', 'set_timer_back', 'run_engine',
                    'check_invariants', 'receive_webhook', 'read_approval_link', 'decide_by_link',
                    'register_watch',
                    'unregister_watch', 'list_watched_tables', 'list_capture_failures'
                ) then 'automation_engine'
                else 'automation_owner'
            end as owner
        from pg_catalog.pg_proc as p
        where p.pronamespace in ('automation'::regnamespace, 'automation_private'::regnamespace)
    loop
        execute format('alter %s %s owner to %I', v_object.kind, v_object.name, v_object.owner);
    end loop;
end $$;
