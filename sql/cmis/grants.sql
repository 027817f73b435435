-- Only automation_actor runs these functions, and it gets no more of the platform than they need.
do $$
declare
    v_function regprocedure;
begin
    for v_function in
        select p.oid from pg_catalog.pg_proc as p
        where p.pronamespace = 'automation_cmis'::regnamespace
    loop
        execute format('alter function %s owner to automation_owner', v_function);
        execute format('revoke all on function %s from public', v_function);
        execute format('grant execute on function %s to automation_actor', v_function);
    end loop;
    grant usage on schema automation_cmis to automation_actor;
    if to_regclass('cmis.scheduled_posts') is null then
        return;
    end if;
    grant usage on schema cmis to automation_actor;
    grant select on cmis.users, cmis.user_orgs, cmis.roles to automation_actor;
    grant select, insert, update on cmis.scheduled_posts to automation_actor;
    grant insert on cmis.platform_posts, cmis.notifications to automation_actor;
    execute format(
        'grant usage on sequence %s to automation_actor',
        pg_get_serial_sequence('cmis.notifications', 'id')
    );
end $$;
