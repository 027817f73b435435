create or replace function automation_private.recheck_rule(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org uuid := (p_context ->> 'org_id')::uuid;
    v_run record;
    v_subject record;
    v_condition automation_private.compiled_condition;
    v_holds boolean;
begin
    if p_config <> '{}' or v_org is distinct from automation.current_org_id() then
        raise exception using
            errcode = 'MA001', message = 'recheck_rule takes no settings and is for runs of rules';
    end if;
    select i.trigger_data, r.rule into v_run
    from automation.workflow_instances as i
    inner join automation.automation_rule_versions as r
        on i.org_id = r.org_id and i.rule_id = r.rule_id and i.rule_version = r.version
    where i.org_id = v_org and i.instance_id = (p_context ->> 'instance_id')::uuid;
    if v_run.rule is null then
        raise exception using
            errcode = 'MA101',
            message = 'only runs of rules have a condition that can be asked again';
    end if;
    v_condition := automation_private.join_conditions(
        v_run.rule #> '{trigger,condition}', v_run.rule -> 'conditions'
    );
    select c.current, c.is_watched into v_subject
    from automation_private.read_subject(v_org, v_run.trigger_data) as c;
    v_holds := v_subject.current is not null and automation_private.meets(
        v_condition.path, v_condition.derived,
        automation_private.run_document(v_org, v_run.trigger_data, v_subject.current),
        automation_private.clock(), v_org
    );
    return jsonb_build_object('holds', coalesce(v_holds, false), 'reason', case
        when not v_subject.is_watched then 'unwatched'
        when v_subject.current is null then 'gone'
        when v_holds is null then 'condition_error'
        when not v_holds then 'no_match'
        else 'match'
    end);
end;
$$;

comment on function automation_private.recheck_rule(jsonb, jsonb) is
    'Action of rules: asks behind a delay whether the condition still holds for the row as it is '
    'now; returns {holds, reason}.';
