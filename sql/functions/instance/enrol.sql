create or replace function automation.enrol(
    p_template_id uuid,
    p_key text,
    p_new jsonb default '{}'
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('run');
    v_instance uuid;
begin
    if coalesce(p_key, '') = '' or length(p_key) > 200 then
        raise exception using
            errcode = 'MA001', message = 'who is enrolled has a key of 1 to 200 characters',
            hint = 'automation.enrol(p_template_id, ''contact 7'')';
    end if;
    perform automation_private.lock_feed(v_org);
    perform automation_private.find_template(v_org, p_template_id, false);
    if automation_private.is_enrolled(v_org, p_template_id, p_key) then
        return '{"outcome": "already_enrolled"}'::jsonb;
    end if;
    v_instance := automation.start_workflow(p_template_id, p_trigger => p_new);
    perform automation_private.note_enrolment(v_org, p_template_id, p_key, v_instance, false);
    perform automation_private.record_audit(
        v_org, 'enrol', 'template', p_template_id,
        jsonb_build_object('key', p_key, 'instance_id', v_instance)
    );
    return jsonb_build_object('outcome', 'started', 'instance_id', v_instance);
end;
$$;

comment on function automation.enrol(uuid, text, jsonb) is
    'Lets somebody into a template by hand, whatever its trigger''s conditions and policy say: '
    '{"outcome": "started", "instance_id"}, or "already_enrolled" while a run of the key goes on. '
    'Who was removed may be let in by events again. Needs run.';
