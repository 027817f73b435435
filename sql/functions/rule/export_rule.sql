create or replace function automation.export_rule(p_rule_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return automation_private.rule_document(automation_private.find_rule(
        automation_private.require_permission('view'), p_rule_id, false
    ));
end;
$$;

comment on function automation.export_rule(uuid) is
    'A rule as the document that create_rule takes, without ids. Needs view.';
