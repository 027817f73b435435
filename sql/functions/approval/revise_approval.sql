create or replace function automation.revise_approval(p_step_id uuid, p_content jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('edit');
begin
    return automation_private.revise_content(
        v_org, p_step_id, automation.current_user_id(), p_content
    );
end;
$$;

comment on function automation.revise_approval(uuid, jsonb) is
    'Puts other content before the approvers of an open approval: it gets a new hash, earlier '
    'approvals are void, and everybody is asked again. Returns {"status": revised | unchanged | '
    'already_decided, …}. Needs edit.';
