-- What each role may do. Nothing is for PUBLIC, now or for functions made later.
revoke all on schema automation, automation_private, automation_capture from public;
revoke all on all routines in schema automation, automation_private from public;
alter default privileges for role automation_owner revoke execute on routines from public;
alter default privileges for role automation_engine revoke execute on routines from public;
alter default privileges for role automation_actor revoke execute on routines from public;

grant usage on schema automation to
automation_engine, automation_actor, automation_client, automation_reader, automation_worker,
automation_admin;
grant usage on schema automation_private to automation_engine, automation_actor;
grant usage on schema automation_capture to automation_admin;

-- the functions of the owner (inside the tenant) and of the engine build on each other
grant execute on all routines in schema automation, automation_private
to automation_owner, automation_engine;
revoke execute on function automation_private.run_action(text, text, jsonb, jsonb),
automation_private.read_current(text, uuid, text)
from automation_owner;
grant execute on function automation_private.run_action(text, text, jsonb, jsonb),
automation_private.read_current(text, uuid, text)
to automation_engine;
grant execute on function automation_private.recheck_rule(jsonb, jsonb) to automation_actor;
grant execute on function automation.emit_events(jsonb),
automation.emit_event(text, jsonb, jsonb, text, text, timestamptz, uuid)
to automation_actor;
grant execute on function automation.current_org_id(), automation.current_user_id(),
automation_private.setting_as_uuid(text)
to automation_actor, automation_client, automation_admin, automation_reader, automation_worker;

grant select, insert, update, delete
on all tables in schema automation, automation_private
to automation_engine;

grant usage on all sequences in schema automation, automation_private to automation_engine;
-- a wait remembers where it began
grant select on sequence automation.automation_events_event_id_seq to automation_engine;

grant usage on schema pgmq to automation_engine, automation_worker;
grant select, insert, update, delete on pgmq.q_automation_actions to automation_engine;
grant usage on all sequences in schema pgmq to automation_engine;
grant select on pgmq.meta to automation_engine, automation_worker;
grant select on pgmq.q_automation_actions to automation_worker;
grant update (vt, read_ct, last_read_at) on pgmq.q_automation_actions to automation_worker;

-- monitoring sees sizes, never payloads
revoke select on all tables in schema pgmq from pg_monitor;
revoke select on all sequences in schema pgmq from pg_monitor;
alter default privileges in schema pgmq revoke select on tables from pg_monitor;
alter default privileges in schema pgmq revoke select on sequences from pg_monitor;

grant select on all tables in schema automation to automation_client, automation_reader;

do $$
declare
    v_grant record;
    v_function regprocedure;
begin
    for v_grant in
        select g.role, n.name
        from (
            values
            ('automation_client', array[
                'current_org_id', 'current_user_id', 'my_permissions', 'org_timezone',
                'set_member', 'set_role_permissions', 'workflow_diagram',
                'evaluate_condition', 'explain_condition', 'threshold_step',
                'save_condition_set', 'delete_condition_set',
                'validate_definition', 'create_template', 'update_template', 'publish_template',
                'archive_template', 'duplicate_template', 'export_template', 'import_template',
                'action_catalogue', 'test_workflow',
                'set_action_limit', 'remove_action_limit', 'list_action_limits',
                'pause_org', 'resume_org',
                'start_workflow', 'start_workflows', 'cancel_workflow', 'workflow_status',
                'workflow_timeline', 'pause_workflow', 'resume_workflow', 'skip_step',
                'cancel_step', 'complete_loop', 'add_loop_item', 'set_variable',
                'retry_workflow', 'fork_workflow', 'migrate_workflow',
                'emit_event', 'emit_events',
                'create_webhook', 'rotate_webhook_secret', 'delete_webhook', 'list_webhooks',
                'receive_webhook',
                'approve_step', 'reject_step', 'request_changes', 'comment_step',
                'delegate_approval', 'revise_approval', 'create_approval_link',
                'read_approval_link', 'decide_by_link',
                'validate_rule', 'create_rule', 'update_rule', 'activate_rule', 'pause_rule',
                'archive_rule', 'duplicate_rule', 'export_rule', 'explain_rule', 'test_rule',
                'backtest_rule', 'backtest_draft', 'run_rule', 'enrol', 'unenrol'
            ]),
            ('automation_reader', array['my_permissions', 'org_timezone']),
            ('automation_worker', array[
                'complete_actions', 'extend_lease', 'tick', 'set_timer_back',
                'run_engine',
                'enable_cron', 'disable_cron', 'require_cron', 'require_clock_login', 'cron_jobs'
            ]),
            ('automation_admin', array[
                'register_org', 'grant_org_access', 'revoke_org_access', 'register_broker',
                'register_action', 'unregister_action', 'check_invariants',
                'watch_table', 'register_watch', 'unwatch_table', 'unregister_watch',
                'list_watched_tables', 'list_capture_failures'
            ])
        ) as g (role, names)
        cross join lateral unnest(g.names) as n (name)
    loop
        v_function := null;
        for v_function in
            select p.oid
            from pg_catalog.pg_proc as p
            where p.pronamespace = 'automation'::regnamespace and p.proname = v_grant.name
        loop
            execute format('grant execute on routine %s to %I', v_function, v_grant.role);
        end loop;
        if v_function is null then
            raise exception 'automation.% is granted to % but does not exist',
                v_grant.name, v_grant.role;
        end if;
    end loop;
end $$;

revoke create on schema automation, automation_private from automation_engine, automation_actor;
