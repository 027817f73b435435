create or replace function automation_private.find_child(
    p_parent automation.workflow_instances,
    p_options jsonb,
    out template_id uuid,
    out definition_id uuid
)
language sql
stable
begin atomic
    select
        coalesce(v.template_id, s.template_id), coalesce(v.definition_id, s.definition_id)
    from (
        select
            case when p_options ? 'self' then p_parent.template_id end as template_id,
            case when p_options ? 'self' then p_parent.definition_id end as definition_id
    ) as s
    left join automation.workflow_template_versions as v
        on v.org_id = p_parent.org_id
            and v.template_id = (p_options ->> 'template_id')::uuid
            and v.version = (p_options ->> 'version')::int;
end;

comment on function automation_private.find_child(automation.workflow_instances, jsonb) is
    'Which template and definition a step of an instance starts: its own ones, or those of the '
    'version that the step is pinned to.';
