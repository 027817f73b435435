create or replace function automation_private.fire_merges(
    p_closed automation_private.closed_scope[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tokens automation_private.token[];
begin
    with closed as materialized (
        select
            c.*, m.step_key, m.step_type, m.next_order, m.output_is_read,
            m.partner_order = c.step_order as fires
        from unnest(p_closed) as c
        inner join automation.workflow_instances as i
            on i.org_id = c.org_id and i.instance_id = c.instance_id
        left join automation.workflow_definition_steps as m
            on m.org_id = c.org_id
                and m.definition_id = i.definition_id
                and m.step_order = c.merge_order
    ),

    merges as (
        insert into automation.workflow_steps (
            org_id, instance_id, step_id, step_order, step_key, step_type, status, scope_id,
            iteration, arrived, output_data, started_at, completed_at, execution_time_ms
        )
        select
            c.org_id, c.instance_id, automation_private.uuid_v7(), c.merge_order, c.step_key,
            c.step_type, 'completed', c.scope_id, c.iteration, c.arrived,
            jsonb_build_object('arrived', c.arrived), automation_private.clock(),
            automation_private.clock(), 0
        from closed as c
        where c.fires
    ),

    kept as (
        update automation.workflow_instances as i
        set step_outputs = i.step_outputs || o.outputs
        from (
            select
                c.org_id, c.instance_id,
                jsonb_object_agg(
                    c.step_key, jsonb_build_object('arrived', c.arrived)
                ) as outputs
            from closed as c
            where c.fires and c.output_is_read
            group by c.org_id, c.instance_id
        ) as o
        where i.org_id = o.org_id and i.instance_id = o.instance_id
    )

    -- a merge of an outer split has taken the arrivals: they are one arrival of the outer scope
    select array_agg((
        c.org_id, c.instance_id, c.root_id,
        case when c.fires then c.next_order else -coalesce(c.merge_order, 0) end,
        c.scope_id, c.iteration
    )::automation_private.token)
    into v_tokens
    from closed as c;
    return v_tokens;
end;
$$;

comment on function automation_private.fire_merges(automation_private.closed_scope[]) is
    'The one token that goes on in the outer scope of each closed split: behind its merge if '
    'anything arrived there, towards the outer split''s merge, or ended.';
