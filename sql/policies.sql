-- Row security. Clients, readers, the API's owner and actions stay inside the tenant; the engine
-- walks the workflows of all organisations; what identifies callers is for the owner alone, and
-- the secrets of webhooks for the owner inside the tenant.
do $$
declare
    v_policy record;
    v_table regclass;
begin
    for v_policy in
        select p.schemaname, p.tablename, p.policyname
        from pg_catalog.pg_policies as p
        where p.schemaname in ('automation', 'automation_private')
            or p.schemaname = 'pgmq' and p.tablename = 'q_automation_actions'
    loop
        execute format(
            'drop policy %I on %I.%I',
            v_policy.policyname, v_policy.schemaname, v_policy.tablename
        );
    end loop;

    for v_table in
        select c.oid
        from pg_catalog.pg_class as c
        where c.relnamespace in ('automation'::regnamespace, 'automation_private'::regnamespace)
            and c.relkind in ('r', 'p') and c.relname !~ 'yoyo'
    loop
        execute format('alter table %s enable row level security', v_table);
        execute format('alter table %s force row level security', v_table);
        execute format(
            'create policy engine on %s to automation_engine using (true) with check (true)',
            v_table
        );
    end loop;

    for v_table in
        select c.oid
        from pg_catalog.pg_class as c
        where c.relnamespace = 'automation'::regnamespace and c.relkind in ('r', 'p')
    loop
        execute format(
            'create policy tenant on %s to automation_owner, automation_actor '
            'using (org_id = (select automation.current_org_id())) '
            'with check (org_id = (select automation.current_org_id()))',
            v_table
        );
        execute format(
            'create policy viewer on %s to automation_client, automation_reader '
            'using (org_id = (select automation.current_org_id()) '
            'and (select ''view'' = any (automation.my_permissions()))) '
            'with check (false)',
            v_table
        );
    end loop;

    create policy engine on pgmq.q_automation_actions
    to automation_engine, automation_worker using (true) with check (true);

    foreach v_table in array array[
        'automation_private.org_settings', 'automation_private.org_access',
        'automation_private.brokers', 'automation_private.actions'
    ]::regclass[] loop
        execute format(
            'create policy owner on %s to automation_owner using (true) with check (true)', v_table
        );
    end loop;

    foreach v_table in array array[
        'automation_private.webhooks', 'automation_private.webhook_secrets'
    ]::regclass[] loop
        execute format(
            'create policy tenant on %s to automation_owner '
            'using (org_id = (select automation.current_org_id())) '
            'with check (org_id = (select automation.current_org_id()))',
            v_table
        );
    end loop;
end $$;
