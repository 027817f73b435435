create or replace function automation.reject_step(
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
        v_org, p_step_id, automation.current_user_id(), 'reject', p_comment, p_content_hash
    );
end;
$$;

comment on function automation.reject_step(uuid, text, text) is
    'Rejects what an approval step asks, which decides it; arguments and result are those of '
    'approve_step. Needs approve.';
