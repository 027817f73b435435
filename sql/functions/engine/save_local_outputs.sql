create or replace function automation_private.save_local_outputs(
    p_settled automation_private.settled[]
)
returns void
language sql
volatile
begin atomic
    update automation.workflow_steps as s
    set locals = jsonb_set(s.locals, '{steps}', (s.locals -> 'steps') || m.outputs)
    from (
        select
            u.org_id, u.instance_id, u.iteration_id,
            automation_private.merge_objects(
                automation_private.kept_output(u) order by u.position
            ) as outputs
        from unnest(p_settled) as u
        where u.iteration_id is not null and u.output_is_read
        group by u.org_id, u.instance_id, u.iteration_id
    ) as m
    where s.org_id = m.org_id and s.instance_id = m.instance_id and s.step_id = m.iteration_id;
end;

comment on function automation_private.save_local_outputs(automation_private.settled[]) is
    'Keeps outputs at hand that steps of the same turn of a loop read.';
