create or replace function automation_private.reopen_children(
    p_steps automation.workflow_steps[]
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_step automation.workflow_steps;
    v_child automation.workflow_instances;
    v_done automation_private.ending[] := '{}'::automation_private.ending[];
    v_tokens automation_private.token[] := '{}'::automation_private.token[];
begin
    foreach v_step in array p_steps loop
        v_child := automation_private.latest_child(v_step);
        if v_child.status = 'completed' then
            v_done := v_done || (
                v_child.org_id, v_child.instance_id, v_child.root_id, v_child.status, null, null,
                false
            )::automation_private.ending;
        elsif v_child.status in ('failed', 'cancelled') then
            v_tokens := v_tokens || automation_private.reopen_instance(v_child, '{}');
        end if;
    end loop;
    if cardinality(v_done) > 0 then
        v_tokens := v_tokens || automation_private.settle_steps(
            automation_private.report_children(v_done)
        );
    end if;
    return v_tokens;
end;
$$;

comment on function automation_private.reopen_children(automation.workflow_steps[]) is
    'Lets the sub-workflows go on that activations wait for again; what has been completed '
    'meanwhile is told at once.';
