create or replace function automation_private.choose_branches(
    p_step automation.workflow_definition_steps,
    p_params jsonb,
    p_context jsonb,
    p_now timestamptz,
    p_timezone text,
    p_instance_id uuid
)
returns automation_private.choice
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count constant text := coalesce(
        p_params -> 'count', p_step.options -> 'count', '1'
    ) #>> '{}';
    v_choice automation_private.choice := (null::int[], null::text[], false, null::jsonb);
begin
    if p_step.runs = 'condition' then
        return automation_private.choose_cases(p_step.cases, true, p_context, p_now, p_timezone);
    elsif v_count is null or v_count !~ '^[0-9]{1,4}$' or v_count::int not between 1 and 1000 then
        v_choice.error := automation_private.error_object(
            'invalid_count', 'invalid', '"count" must be a whole number from 1 to 1000'
        );
        return v_choice;
    elsif p_step.options ->> 'mode' = 'random' then
        v_choice := automation_private.draw_variant(p_step, p_params -> 'key', p_instance_id);
    elsif p_step.cases is null then
        v_choice.orders := p_step.branches;
        v_choice.names := p_step.branch_names;
    else
        v_choice := automation_private.choose_cases(
            p_step.cases, false, p_context, p_now, p_timezone
        );
        if cardinality(v_choice.orders) = 0 and not v_choice.failed then
            v_choice.orders := array[p_step.else_order];
            v_choice.names := array['default'];
        end if;
    end if;
    if v_count <> '1' then
        v_choice.orders := array(
            select o.step_order
            from generate_series(1, v_count::int) as n
            cross join unnest(v_choice.orders) with ordinality as o (step_order, place)
            order by n, o.place
        );
    end if;
    return v_choice;
end;
$$;

comment on function automation_private.choose_branches(
    automation.workflow_definition_steps, jsonb, jsonb, timestamptz, text, uuid
) is
    'The branches that a split takes, each as many times as its count says, or the case that a '
    'condition takes.';
