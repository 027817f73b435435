create or replace function automation_private.keep_arrivals(
    p_moves automation_private.merge_move[]
)
returns void
language sql
volatile
begin atomic
    update automation.workflow_instances as i
    set step_outputs = i.step_outputs || o.outputs
    from (
        select
            (m.scope).org_id, (m.scope).instance_id,
            jsonb_object_agg(
                m.merge_key, jsonb_build_object('arrived', m.joined)
            ) as outputs
        from unnest(p_moves) as m
        where m.fires > 0 and m.output_is_read and (m.scope).iteration_id is null
        group by (m.scope).org_id, (m.scope).instance_id
    ) as o
    where i.org_id = o.org_id and i.instance_id = o.instance_id;
    update automation.workflow_steps as s
    set locals = jsonb_set(s.locals, '{steps}', (s.locals -> 'steps') || o.outputs)
    from (
        select
            (m.scope).org_id, (m.scope).instance_id, (m.scope).iteration_id,
            jsonb_object_agg(
                m.merge_key, jsonb_build_object('arrived', m.joined)
            ) as outputs
        from unnest(p_moves) as m
        where m.fires > 0 and m.output_is_read and (m.scope).iteration_id is not null
        group by (m.scope).org_id, (m.scope).instance_id, (m.scope).iteration_id
    ) as o
    where s.org_id = o.org_id and s.instance_id = o.instance_id and s.step_id = o.iteration_id;
end;

comment on function automation_private.keep_arrivals(automation_private.merge_move[]) is
    'Keeps the outputs of merges at hand that other steps read.';
