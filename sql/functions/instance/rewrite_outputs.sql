create or replace function automation_private.rewrite_outputs(
    p_instance automation.workflow_instances,
    p_definition_id uuid,
    p_steps automation_private.step_move[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_renamed jsonb := (
        select jsonb_object_agg(m.from_step, m.to_step)
        from unnest(p_steps) as m
        where m.to_step <> m.from_step
    );
    v_latest jsonb;
begin
    -- what the other definition reads and the old one did not
    select jsonb_object_agg(x.step_key, x.output_data) into v_latest
    from (
        select distinct on (d.step_key) d.step_key, s.output_data
        from automation.workflow_definition_steps as d
        inner join automation.workflow_steps as s
            on s.org_id = d.org_id
                and s.instance_id = p_instance.instance_id
                and s.step_order = d.step_order
        where d.org_id = p_instance.org_id
            and d.definition_id = p_definition_id
            and d.output_is_read
            and s.status in ('completed', 'skipped')
            and s.iteration_id is null
        order by d.step_key, s.completed_at desc, s.step_id desc
    ) as x;
    update automation.workflow_instances as i
    set step_outputs = coalesce(v_latest, '{}') || automation_private.rename_keys(
        i.step_outputs, v_renamed
    )
    where i.org_id = p_instance.org_id and i.instance_id = p_instance.instance_id;
    if v_renamed is null then
        return;
    end if;
    update automation.workflow_steps as s
    set locals = jsonb_set(
        s.locals, '{steps}', automation_private.rename_keys(s.locals -> 'steps', v_renamed)
    )
    where s.org_id = p_instance.org_id
        and s.instance_id = p_instance.instance_id
        and s.step_type = 'iteration'
        and s.status in ('running', 'cancelled', 'failed');
end;
$$;

comment on function automation_private.rewrite_outputs(
    automation.workflow_instances, uuid, automation_private.step_move[]
) is
    'Puts the outputs of steps under the ids that another definition reads them by.';
