create or replace function automation_private.compile_step(
    p_source jsonb,
    p_roots text[],
    p_pointer text
)
returns automation_private.compiled_step
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_step automation_private.compiled_step;
    v_params automation_private.compiled_template;
begin
    v_step.pointer := p_pointer;
    v_step.source := p_source;
    v_step.roots := p_roots;
    v_step.params := '{}';
    v_step.options := '{}';
    v_step.saves := 'none';
    v_step.timeout_is_set := false;
    v_step.links := '{}';
    if jsonb_typeof(p_source) <> 'object' then
        v_step.errors := automation_private.build_error(
            p_pointer, 'wrong_type', 'a step must be an object'
        );
        return v_step;
    end if;

    v_step := automation_private.compile_common_keys(v_step, p_pointer);
    case v_step.step_type
        when 'action' then
            v_step := automation_private.compile_action_step(v_step, p_pointer);
        when 'condition' then
            v_step := automation_private.compile_condition_step(v_step, p_pointer);
        when 'set' then
            v_step := automation_private.compile_set_step(v_step, p_pointer);
        when 'delay' then
            v_step := automation_private.compile_delay_step(v_step, p_pointer);
        when 'split' then
            v_step := automation_private.compile_split_step(v_step, p_pointer);
        when 'merge' then
            v_step := automation_private.compile_merge_step(v_step, p_pointer);
        when 'loop' then
            v_step := automation_private.compile_loop_step(v_step, p_pointer);
        when 'scope' then
            v_step := automation_private.compile_scope_step(v_step, p_pointer);
        when 'wait' then
            v_step := automation_private.compile_wait_step(v_step, p_pointer);
        when 'approval' then
            v_step := automation_private.compile_approval_step(v_step, p_pointer);
        when 'workflow' then
            v_step := automation_private.compile_workflow_step(v_step, p_pointer);
        when 'stop' then
            v_step := automation_private.compile_stop_step(v_step, p_pointer);
        else
            v_step := automation_private.compile_unknown_step(v_step, p_pointer);
    end case;

    v_params := automation_private.compile_template(v_step.params, p_roots, p_pointer);
    v_step.params := v_params.value;
    v_step.bindings := v_params.bindings;
    v_step := automation_private.add_reads(
        v_step, array_remove(v_params.reads, 'secrets'), p_pointer
    );
    v_step.errors := automation_private.collect_errors(v_step.errors, v_params.errors);
    if 'secrets' = any (v_params.reads) then
        v_step.errors := automation_private.collect_errors(
            v_step.errors,
            automation_private.check_secrets(
                v_step.params,
                (
                    select a.config_schema
                    from automation_private.actions as a
                    where a.action = v_step.action
                ),
                p_pointer
            )
        );
    end if;
    v_step.reads := (
        select array_agg(distinct l.target)
        from unnest(v_step.links) as l
        where l.role in ('reads', 'reads_loop', 'reads_turn')
    );
    return v_step;
end;
$$;

comment on function automation_private.compile_step(jsonb, text[], text) is
    'One step compiled by itself, whatever it is: its errors are in the result.';
