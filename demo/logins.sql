-- Who connects to the demo's database. Roles belong to the server, so they may be there already.
do $$
declare
    v_login text;
begin
    foreach v_login in array array['cmis_backend', 'cmis_worker', 'dilmun', 'nordlauf'] loop
        if to_regrole(v_login) is null then
            execute format('create role %I login', v_login);
        end if;
        execute format('alter role %I set statement_timeout = %L', v_login, '60s');
        execute format('alter role %I set lock_timeout = %L', v_login, '10s');
        execute format(
            'alter role %I set idle_in_transaction_session_timeout = %L', v_login, '60s'
        );
    end loop;
end $$;

-- The platform's backend acts for every organisation and names its users.
grant automation_client to cmis_backend;
grant usage on schema cmis to cmis_backend;
grant select, insert, update, delete on all tables in schema cmis to cmis_backend;
grant usage on all sequences in schema cmis to cmis_backend;
select automation.register_broker('cmis_backend', 'admin');

-- Who notices a deadlock gives way. The engine does its work again, so it notices first.
alter role cmis_worker set deadlock_timeout = '100ms';
grant automation_worker to cmis_worker;
select automation.register_broker('cmis_worker', 'viewer');

-- Each company's own login, for its reports and for looking around. The platform's policies
-- believe the setting app.current_org_id; what these logins see depends on who they are, too.
grant automation_client, automation_reader to dilmun;
grant automation_client, automation_reader to nordlauf;
grant usage on schema cmis to dilmun, nordlauf;
grant select on all tables in schema cmis to dilmun, nordlauf;

do $$
declare
    v_table regclass;
    v_org record;
    v_login text;
begin
    for v_table in
        select c.oid
        from pg_catalog.pg_class as c
        where c.relnamespace = 'cmis'::regnamespace and c.relrowsecurity
    loop
        execute format(
            'create policy login_decides on %s as restrictive to dilmun, nordlauf '
            'using (org_id = (select automation.current_org_id()))',
            v_table
        );
    end loop;

    for v_org in select o.org_id, o.name, o.timezone from cmis.orgs as o loop
        v_login := lower(split_part(v_org.name, ' ', 1));
        perform automation.register_org(v_org.org_id, v_org.timezone, 200);
        perform automation.grant_org_access(v_login, v_org.org_id, 'analyst');
        execute format(
            'alter role %I in database %I set app.current_org_id = %L',
            v_login, current_database(), v_org.org_id
        );
        execute format(
            'alter role %I in database %I set timezone = %L',
            v_login, current_database(), v_org.timezone
        );
    end loop;
end $$;
