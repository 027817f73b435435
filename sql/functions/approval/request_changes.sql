create or replace function automation.request_changes(
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
        v_org, p_step_id, automation.current_user_id(), 'request_changes', p_comment, p_content_hash
    );
end;
$$;

comment on function automation.request_changes(uuid, text, text) is
    'Sends what an approval step asks back for changes, which decides it; MA101 when the step has '
    'no "changes_next". Arguments and result are those of approve_step. Needs approve.';
