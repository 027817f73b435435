create or replace function automation_private.complete_loops(
    p_loops automation_private.outcome[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tokens automation_private.token[];
begin
    if cardinality(p_loops) = 0 then
        return '{}'::automation_private.token[];
    end if;
    v_tokens := automation_private.cancel_within(
        array(select o.org_id from unnest(p_loops) as o),
        array(select o.instance_id from unnest(p_loops) as o),
        array(select o.step_id from unnest(p_loops) as o)
    );
    return v_tokens || automation_private.settle_steps(array(
        select (
            o.org_id, o.instance_id, o.root_id, o.step_id,
            case when l.has_gone_on then 'ended' else 'completed' end,
            automation_private.loop_output(
                l, d.output_is_read or d.saves <> 'none' or s.scope_id <> s.instance_id
            ),
            null, null, null
        )::automation_private.outcome
        from unnest(p_loops) as o
        inner join automation_private.loop_states as l
            on l.org_id = o.org_id and l.instance_id = o.instance_id and l.step_id = o.step_id
        inner join automation.workflow_steps as s
            on s.org_id = o.org_id and s.instance_id = o.instance_id and s.step_id = o.step_id
        inner join automation.workflow_instances as i
            on i.org_id = o.org_id and i.instance_id = o.instance_id
        inner join automation.workflow_definition_steps as d
            on d.org_id = i.org_id
                and d.definition_id = i.definition_id
                and d.step_order = s.step_order
    ));
end;
$$;

comment on function automation_private.complete_loops(automation_private.outcome[]) is
    'Completes loops at once: turns that still run are cancelled.';
