\set QUIET on
\timing off
\pset linestyle unicode
\pset null '-'
\x auto
\echo
\echo 'You are "dilmun", the login of Dilmun Coffee Roasters; app.current_org_id is set.'
\echo 'As the other company:   \\c - nordlauf      As the platform''s backend:   \\c - cmis_backend'
\echo
\echo '  select * from automation.v_workflow_timeline;'
\echo '  select instance_id, instance_name, status, stop_reason'
\echo '      from automation.workflow_instances limit 10;'
\echo '  select step, status, attempts, branch_taken, error'
\echo '      from automation.workflow_timeline(''<instance_id>'');'
\echo '  select * from automation.v_automation_performance;'
\echo '  select event_id, event, entity, old, new from automation.automation_events limit 5;'
\echo '  select * from automation.explain_rule(''<rule_id>'', <event_id>);'
\echo '  select title, status, error_message'
\echo '      from cmis.scheduled_posts where error_message is not null;'
\echo
\set QUIET off
