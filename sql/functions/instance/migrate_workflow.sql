create or replace function automation.migrate_workflow(
    p_instance_id uuid,
    p_version int default null,
    p_mapping jsonb default '{}',
    p_preview boolean default false
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('run');
    v_report jsonb;
begin
    perform automation_private.require_instance(v_org, p_instance_id);
    if p_mapping <> '{}' then
        perform automation_private.guard_approvals(v_org, p_instance_id);
    end if;
    v_report := automation_private.migrate_instance(
        v_org, p_instance_id, p_version, p_mapping, coalesce(p_preview, false)
    );
    if not coalesce(p_preview, false) then
        perform automation_private.record_audit(
            v_org, 'migrate_workflow', 'instance', p_instance_id,
            jsonb_build_object('version', v_report -> 'version', 'mapping', p_mapping)
        );
    end if;
    return v_report;
end;
$$;

comment on function automation.migrate_workflow(uuid, int, jsonb, boolean) is
    'Moves an instance that runs, is paused or has failed to another version of its template (the '
    'published one by default): what stands at a step of the same id, or of the id that p_mapping '
    'gives, stays there; where the step is no more it goes on at the successor or ends. Returns '
    'what was done, with p_preview what would be. MA107 with that report when it stands where the '
    'other version has no place for it; then nothing has changed.';
