-- Group roles of the engine. None of them logs in, none is superuser or BYPASSRLS; login roles
-- belong to the installation.
do $$
declare
    v_role text;
begin
    foreach v_role in array array[
        'automation_owner',   -- owns tables and the API; row security keeps it inside the tenant
        'automation_engine',  -- owns the functions that move workflows; owns no table
        'automation_actor',   -- runs actions inside the database, inside one tenant
        'automation_client',  -- calls the API
        'automation_reader',  -- reads the views
        'automation_worker',  -- claims and completes external actions, rings the clock
        'automation_admin'    -- registers actions, grants access to organisations
    ] loop
        if not exists (select from pg_catalog.pg_roles as r where r.rolname = v_role) then
            begin
                execute format('create role %I nologin', v_role);
            exception when duplicate_object or unique_violation then
                null;  -- another database of this server was being installed at the same moment
            end;
        end if;
        if not pg_catalog.pg_has_role(current_user, v_role, 'usage') then
            execute format('grant %I to current_user', v_role);
        end if;
    end loop;
end $$;
