create or replace function automation.unenrol(p_template_id uuid, p_key text)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('run');
    v_was_in boolean;
begin
    if p_key is null or length(p_key) > 200 then
        raise exception using
            errcode = 'MA001', message = 'who is removed has a key of 1 to 200 characters';
    end if;
    perform automation_private.lock_feed(v_org);
    perform automation_private.find_template(v_org, p_template_id, false);
    if not automation_private.enrols(v_org, p_template_id) then
        raise exception using
            errcode = 'MA101',
            message = 'the template does not know who is in',
            detail = format('template %s', p_template_id),
            hint = 'publish it with "enrol", "goal" or "exit" in its trigger';
    end if;
    v_was_in := automation_private.is_enrolled(v_org, p_template_id, p_key);
    perform automation_private.note_enrolment(v_org, p_template_id, p_key, null, true);
    perform automation_private.record_audit(
        v_org, 'unenrol', 'template', p_template_id, jsonb_build_object('key', p_key)
    );
    return v_was_in;
end;
$$;

comment on function automation.unenrol(uuid, text) is
    'Takes somebody out of a template: runs of the key end with the next tick, as removed, and '
    'events do not let the key in again until somebody enrols it by hand. True when a run went '
    'on. Needs run.';
