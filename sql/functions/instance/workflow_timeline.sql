create or replace function automation.workflow_timeline(p_instance_id uuid)
returns table (
    step_id uuid,
    step text,
    step_name text,
    step_type text,
    step_config jsonb,
    status text,
    attempts int,
    started_at timestamptz,
    completed_at timestamptz,
    execution_time_ms int,
    input_data jsonb,
    output_data jsonb,
    branch_taken text,
    error jsonb,
    earlier_attempts jsonb,
    scope_id uuid,
    children uuid[],
    iteration int,
    from_step text,
    scope text
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org uuid := automation_private.require_permission('view');
begin
    perform automation_private.require_instance(v_org, p_instance_id);
    return query
    select
        s.step_id, s.step_key, d.step_name, s.step_type, d.source, s.status, s.attempt,
        s.started_at, s.completed_at, s.execution_time_ms, s.input_data, s.output_data,
        s.branch_taken, s.error, s.earlier_attempts, s.scope_id,
        case
            when s.step_type <> 'workflow' then null
            when d.options -> 'wait' = 'false'
                then array_remove(array[(s.output_data ->> 'instance_id')::uuid], null)
            else array(
                select c.instance_id
                from automation.workflow_instances as c
                where c.org_id = s.org_id
                    and c.parent_instance_id = s.instance_id
                    and c.parent_step_id = s.step_id
                order by c.instance_id
            )
        end,
        coalesce(s.iteration, t.iteration), f.step_key, o.step_key
    from automation.workflow_steps as s
    inner join automation.workflow_instances as i
        on i.org_id = s.org_id and i.instance_id = s.instance_id
    left join automation.workflow_definition_steps as d
        on d.org_id = i.org_id
            and d.definition_id = i.definition_id
            and d.step_order = s.step_order
    left join automation.workflow_definition_steps as f
        on f.org_id = i.org_id
            and f.definition_id = i.definition_id
            and f.step_order = s.from_order
    left join automation.workflow_steps as o
        on o.org_id = s.org_id and o.instance_id = s.instance_id and o.step_id = s.scope_id
    left join automation.workflow_steps as t
        on t.org_id = s.org_id and t.instance_id = s.instance_id and t.step_id = s.iteration_id
    where s.org_id = v_org and s.instance_id = p_instance_id
    order by s.step_id;
end;
$$;

comment on function automation.workflow_timeline(uuid) is
    'Every activation of an instance''s steps in the order they were entered, with timing, input, '
    'output, branch taken, attempts and errors, and the sub-workflows that they started.';
