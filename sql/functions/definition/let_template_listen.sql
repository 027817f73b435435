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
    v_trigger automation_private.compiled_trigger;
begin
    if p_trigger is not null then
        v_trigger := automation_private.read_trigger(p_trigger, '');
    end if;
    if v_trigger.type is distinct from 'event' then
        perform automation_private.drop_listener(p_org_id, p_template_id);
        return;
    end if;
    perform automation_private.set_listener(
        p_org_id, p_template_id, 'template', p_version, p_definition_id, v_trigger.config,
        automation_private.join_conditions(v_trigger.config -> 'condition', null), 50
    );
end;
$$;

comment on function automation_private.let_template_listen(uuid, uuid, int, uuid, jsonb) is
    'Lets events start a published template, if its trigger says so.';
