create or replace function automation_private.let_template_listen(
    p_org_id uuid,
    p_template_id uuid,
    p_version int,
    p_definition_id uuid,
    p_trigger jsonb
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_trigger jsonb := coalesce((automation_private.read_trigger(p_trigger, '')).config, '{}');
    v_settings constant jsonb := (
        select d.settings
        from automation.workflow_definitions as d
        where d.org_id = p_org_id and d.definition_id = p_definition_id
    );
    v_departure text;
begin
    perform automation_private.set_listener(
        p_org_id, p_template_id, 'template', p_version, p_definition_id, v_trigger,
        automation_private.join_conditions(v_trigger -> 'condition', null), 50,
        automation_private.build_enrolment(v_trigger)
            || automation_private.build_mode(v_settings)
    );
    foreach v_departure in array array['goal', 'exit'] loop
        perform automation_private.set_listener(
            p_org_id, p_template_id, v_departure, p_version, p_definition_id,
            coalesce(v_trigger -> v_departure, '{}') || '{"on_loop": "allow"}',
            automation_private.join_conditions(v_trigger #> array[v_departure, 'condition'], null),
            100,
            automation_private.build_departure(v_trigger, v_departure)
        );
    end loop;
end;
$$;

comment on function automation_private.let_template_listen(uuid, uuid, int, uuid, jsonb) is
    'Lets events start a published template, if its trigger says so.';
