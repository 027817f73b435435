create or replace function automation_private.migrate_instance(
    p_org_id uuid,
    p_instance_id uuid,
    p_version int,
    p_mapping jsonb,
    p_preview boolean
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_instance constant automation.workflow_instances := automation_private.lock_instance(
        p_org_id, p_instance_id, '{running,paused,failed}'
    );
    v_version constant automation.workflow_template_versions
        := automation_private.find_target_version(v_instance, p_version);
    v_steps automation_private.step_move[];
    v_places automation_private.place_move[];
    v_report jsonb;
begin
    perform automation_private.check_mapping(
        p_mapping, p_org_id, v_instance.definition_id, v_version.definition_id
    );
    v_steps := automation_private.map_steps(
        p_org_id, v_instance.definition_id, v_version.definition_id, p_mapping
    );
    v_places := automation_private.plan_migration(v_instance, v_steps);
    if exists (
        select from automation_private.rollbacks as r
        where r.org_id = p_org_id and r.instance_id = p_instance_id
    ) then
        v_places := v_places || (
            'rollback', null, null, 'blocked', null, null, null, 'what it has done is being undone'
        )::automation_private.place_move;
    end if;
    v_report := automation_private.describe_migration(
        p_instance_id, v_version.version, v_places
    );
    if p_preview then
        return v_report;
    elsif not (v_report ->> 'is_possible')::boolean then
        raise exception using
            errcode = 'MA107',
            message = 'the instance stands where the other version has no place for it',
            detail = v_report::text,
            hint = 'p_mapping says which step takes the place of which';
    end if;
    perform automation_private.advance(automation_private.apply_migration(
        v_instance, v_version.definition_id, v_steps, v_places
    ));
    return v_report;
end;
$$;

comment on function automation_private.migrate_instance(uuid, uuid, int, jsonb, boolean) is
    'Moves an instance to another version of its template, or only says what that would do.';
