create or replace function automation_private.save_outputs(
    p_settled automation_private.settled[]
)
returns automation_private.ending[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_over automation_private.ending[];
    v_org_ids uuid[];
    v_instance_ids uuid[];
begin
    if exists (
        select from unnest(p_settled) as u where u.iteration_id is not null and u.output_is_read
    ) then
        perform automation_private.save_local_outputs(p_settled);
    end if;
    with counted as (
        update automation.workflow_instances as i
        set
            context_data = i.context_data || m.vars,
            step_outputs = i.step_outputs || m.outputs,
            activations = i.activations + m.entered,
            updated_at = automation_private.clock()
        from (
            select
                u.org_id, u.instance_id,
                automation_private.merge_objects(
                    case
                        when u.output is null then null
                        when u.saves = 'key' then jsonb_build_object(u.save_as, u.output)
                        when u.saves = 'merge' and jsonb_typeof(u.output) = 'object' then u.output
                    end order by u.position
                ) as vars,
                automation_private.merge_objects(
                    case
                        when u.iteration_id is null then automation_private.kept_output(u)
                    end order by u.position
                ) as outputs,
                count(*) filter (where u.fate not in ('retry', 'ended')) as entered
            from unnest(p_settled) as u
            group by u.org_id, u.instance_id
        ) as m
        where i.org_id = m.org_id and i.instance_id = m.instance_id
        returning
            i.org_id, i.instance_id, i.root_id, i.activations, i.max_activations,
            i.watches,
            greatest(pg_column_size(i.context_data), pg_column_size(i.step_outputs)) as size
    )

    select
        array_agg(
            case
                when c.size > 262144 then automation_private.context_limit(
                    c.org_id, c.instance_id, c.root_id
                )
                else automation_private.activation_limit(
                    c.org_id, c.instance_id, c.root_id, c.max_activations
                )
            end
        ) filter (where c.activations > c.max_activations or c.size > 262144),
        array_agg(c.org_id) filter (where c.watches > 0),
        array_agg(c.instance_id) filter (where c.watches > 0)
    into v_over, v_org_ids, v_instance_ids
    from counted as c;
    if v_org_ids is not null then
        perform automation_private.nudge_watches(v_org_ids, v_instance_ids);
    end if;
    return v_over;
end;
$$;

comment on function automation_private.save_outputs(automation_private.settled[]) is
    'Lays outputs over the variables, the last writer wins, keeps those at hand that other '
    'steps read, and counts the activations that are done; returns the instances that have too '
    'many of them.';
