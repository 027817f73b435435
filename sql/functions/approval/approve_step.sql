create or replace function automation.approve_step(
    p_step_id uuid,
    p_comment text default null,
    p_content_hash text default null
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('approve');
begin
    return automation_private.cast_vote(
        v_org, p_step_id, automation.current_user_id(), 'approve', p_comment, p_content_hash
    );
end;
$$;

comment on function automation.approve_step(uuid, text, text) is
    'Approves what an approval step asks, as the user whom app.current_user_id names; with '
    'p_content_hash only if that is still what it is about (else MA104). Returns {"status": '
    'recorded | decided | unchanged | already_decided, "decision", "approvals", "required", …}: '
    'the same vote again changes nothing, nor does one after the decision. Needs approve.';
