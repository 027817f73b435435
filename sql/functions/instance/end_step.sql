create or replace function automation_private.end_step(
    p_org_id uuid,
    p_instance_id uuid,
    p_step text,
    p_step_id uuid,
    p_status text,
    p_output jsonb
)
returns int
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_instance constant automation.workflow_instances := automation_private.lock_instance(
        p_org_id, p_instance_id
    );
    v_step constant automation.workflow_definition_steps := automation_private.require_step(
        v_instance, p_step
    );
    v_open constant automation.workflow_steps[] := automation_private.find_open_steps(
        v_instance, p_step, p_step_id
    );
    v_held automation_private.token[] := automation_private.take_waiting_tokens(
        v_instance, v_step, array(select s.step_id from unnest(v_open) as s), p_step_id
    );
begin
    if cardinality(v_open) + cardinality(v_held) = 0 then
        perform automation_private.refuse_step(
            p_instance_id, p_step, 'the step is not open',
            'workflow_status lists the steps that are'
        );
    end if;
    if p_status = 'skipped' then
        v_held := automation_private.skip_tokens(v_held, v_step, p_output);
    else
        v_held := array(
            select (
                h.org_id, h.instance_id, h.root_id, 0, h.scope_id, h.iteration_id, h.from_order,
                null
            )::automation_private.token
            from unnest(v_held) as h
        );
    end if;
    perform automation_private.advance(
        automation_private.end_activations(v_instance, v_open, p_status, p_output) || v_held
    );
    return cardinality(v_open) + cardinality(v_held);
end;
$$;

comment on function automation_private.end_step(uuid, uuid, text, uuid, text, jsonb) is
    'Skips or cancels the open activations of a step, or one of them, and the tokens that wait '
    'before it; how many these were. Raises MA106 when there is none.';
