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
            automation_private.merge_objects(
                case when v.runs = 'set' then v.value end order by v.ordinality
            ) as vars,
            automation_private.merge_objects(
                case when v.output_is_read then jsonb_build_object(v.step_key, v.output) end
                order by v.ordinality
            ) as outputs
        from (
            select
                x.*, automation_private.visit_output(x) as output,
                row_number() over () as ordinality
            from unnest(p_visits) as x
            where x.error is null
                and (x.runs = 'set' or x.output_is_read and x.runs in ('condition', 'split'))
        ) as v
        group by v.org_id, v.instance_id
    ) as a
    where i.org_id = a.org_id and i.instance_id = a.instance_id;
end;

comment on function automation_private.assign_variables(automation_private.visit[]) is
    'Lays the values of set steps over the variables, in activation order: the last writer wins; '
    'keeps the outputs of conditions and splits that other steps read.';
