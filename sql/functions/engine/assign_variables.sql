create or replace function automation_private.assign_variables(
    p_visits automation_private.visit[]
)
returns void
language sql
volatile
begin atomic
    update automation.workflow_instances as i
    set
        context_data = i.context_data || a.vars,
        step_outputs = i.step_outputs || a.outputs
    from (
        select
            v.org_id, v.instance_id,
            automation_private.merge_objects(v.value order by v.ordinality) as vars,
            automation_private.merge_objects(
                case when v.output_is_read then jsonb_build_object(v.step_key, v.value) end
                order by v.ordinality
            ) as outputs
        from unnest(p_visits) with ordinality as v
        group by v.org_id, v.instance_id
    ) as a
    where i.org_id = a.org_id and i.instance_id = a.instance_id;
end;

comment on function automation_private.assign_variables(automation_private.visit[]) is
    'Lays the values of set steps over the variables, in activation order: the last writer wins.';
