create or replace function automation_private.draw_variant(
    p_step automation.workflow_definition_steps,
    p_key jsonb,
    p_instance_id uuid
)
returns automation_private.choice
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_bucket int;
    v_position int;
begin
    select automation_private.find_bucket(
        i.org_id, coalesce(i.template_id, i.rule_id), p_step.step_key,
        coalesce(p_key #>> '{}', i.trigger_data ->> 'entity', i.instance_id::text)
    )
    into v_bucket
    from automation.workflow_instances as i
    where i.org_id = p_step.org_id and i.instance_id = p_instance_id;

    -- weights are percents, buckets hundredths of them
    select min(w.position)::int into v_position
    from (
        select
            x.ordinality as position,
            100 * sum((x.value)::int) over (order by x.ordinality) as upper_end
        from jsonb_array_elements(p_step.options -> 'weights') with ordinality as x
    ) as w
    where w.upper_end > v_bucket;
    return (
        p_step.branches[v_position:v_position], p_step.branch_names[v_position:v_position], false,
        null
    )::automation_private.choice;
end;
$$;

comment on function automation_private.draw_variant(
    automation.workflow_definition_steps, jsonb, uuid
) is
    'The variant of a random split that a subject gets: what the key says, by default the entity '
    'that the run is about, else the run itself.';
