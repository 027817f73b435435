create or replace function automation_private.assign_variables(
    p_visits automation_private.visit[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_ids uuid[];
    v_instance_ids uuid[];
begin
    with written as (
        update automation.workflow_instances as i
        set
            context_data = i.context_data || a.vars,
            step_outputs = i.step_outputs || a.outputs
        from (
            select
                w.org_id, w.instance_id,
                automation_private.merge_objects(w.vars order by w.ordinality) as vars,
                automation_private.merge_objects(
                    case when w.iteration_id is null then w.outputs end order by w.ordinality
                ) as outputs
            from automation_private.list_writes(p_visits) as w
            where not w.is_local
            group by w.org_id, w.instance_id
        ) as a
        where i.org_id = a.org_id and i.instance_id = a.instance_id
        returning i.org_id, i.instance_id, i.watches
    )

    select array_agg(w.org_id), array_agg(w.instance_id) into v_org_ids, v_instance_ids
    from written as w
    where w.watches > 0;
    if v_org_ids is not null then
        perform automation_private.nudge_watches(v_org_ids, v_instance_ids);
    end if;
    if not exists (select from unnest(p_visits) as v where v.iteration_id is not null) then
        return;
    end if;
    update automation.workflow_steps as s
    set
        locals = s.locals || jsonb_build_object(
            'vars', (s.locals -> 'vars') || a.vars, 'steps', (s.locals -> 'steps') || a.outputs
        )
    from (
        select
            w.org_id, w.instance_id, w.iteration_id,
            automation_private.merge_objects(
                case when w.is_local then w.vars end order by w.ordinality
            ) as vars,
            automation_private.merge_objects(w.outputs order by w.ordinality) as outputs
        from automation_private.list_writes(p_visits) as w
        where w.iteration_id is not null
        group by w.org_id, w.instance_id, w.iteration_id
    ) as a
    where s.org_id = a.org_id and s.instance_id = a.instance_id and s.step_id = a.iteration_id;
end;
$$;

comment on function automation_private.assign_variables(automation_private.visit[]) is
    'Lays the values of set steps over the variables of the instance or of their turn of a loop, '
    'in activation order: the last writer wins; keeps the outputs of conditions and splits that '
    'other steps read.';
