create or replace function automation_private.reopen_instance(
    p_instance automation.workflow_instances,
    p_patch jsonb
)
returns automation_private.token[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_steps automation.workflow_steps[];
    v_ways text[];
    v_turned uuid[];
    v_restarted uuid[];
    v_tokens automation_private.token[];
begin
    select array_agg(p.step), array_agg(p.way) into v_steps, v_ways
    from automation_private.plan_reopening(p_instance) as p;
    v_turned := array(
        select s.step_id from unnest(v_steps) with ordinality as s
        where v_ways[s.ordinality] = 'turn'
    );
    v_restarted := array(
        select s.step_id from unnest(v_steps) with ordinality as s
        where v_ways[s.ordinality] = 'enter' and s.step_type = 'loop'
    );
    perform automation_private.revive_instance(p_instance, p_patch);
    perform automation_private.forget_steps(
        array_fill(p_instance.org_id, array[cardinality(v_restarted)]),
        array_fill(p_instance.instance_id, array[cardinality(v_restarted)]),
        v_restarted, '{loop}'
    );
    perform automation_private.reopen_steps(v_steps, v_ways);
    update automation.workflow_instances as i
    set live = automation_private.count_tokens(i.org_id, i.instance_id, i.instance_id)
    where i.org_id = p_instance.org_id and i.instance_id = p_instance.instance_id;
    v_tokens := automation_private.reopened_tokens(p_instance, v_steps, v_ways)
        || automation_private.take_held_tokens(
            p_instance.org_id, array[p_instance.instance_id], '{failed,paused}'
        )
        || automation_private.turn_loops(
            array_fill(p_instance.org_id, array[cardinality(v_turned)]),
            array_fill(p_instance.instance_id, array[cardinality(v_turned)]),
            array_fill(p_instance.root_id, array[cardinality(v_turned)]),
            v_turned
        );
    return v_tokens || automation_private.reopen_children(array(
        select v_steps[s.ordinality] from unnest(v_steps) with ordinality as s
        where v_ways[s.ordinality] = 'child'
    ));
end;
$$;

comment on function automation_private.reopen_instance(
    automation.workflow_instances, jsonb
) is
    'Lets an instance go on from where it stood when it failed; returns its tokens.';
