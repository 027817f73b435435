create or replace function automation_private.require_start_step(
    p_instance automation.workflow_instances,
    p_step text
)
returns int
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_step constant automation.workflow_definition_steps := automation_private.require_step(
        p_instance, p_step
    );
    v_path jsonb;
begin
    select p.path into v_path
    from automation_private.list_paths(p_instance.org_id, p_instance.definition_id) as p
    where p.step_order = v_step.step_order;
    if v_path is distinct from '[]' or v_step.runs = 'merge' then
        perform automation_private.refuse_step(
            p_instance.instance_id, p_step, 'a token cannot begin at this step',
            'name a step that is neither a merge nor inside a split, loop or scope: ' || coalesce(
                'this one is inside ' || nullif(
                    array_to_string(array(select jsonb_array_elements_text(v_path)), ', '), ''
                ),
                'this one stands on its own'
            )
        );
    end if;
    return v_step.step_order;
end;
$$;

comment on function automation_private.require_start_step(
    automation.workflow_instances, text
) is
    'Where a token can begin: a step in the scope of the instance itself. Raises MA106 for others.';
