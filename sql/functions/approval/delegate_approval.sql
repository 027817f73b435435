create or replace function automation.delegate_approval(
    p_step_id uuid,
    p_to uuid,
    p_comment text default null
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
        v_org, p_step_id, automation.current_user_id(), 'delegate', p_comment, null, p_to
    );
end;
$$;

comment on function automation.delegate_approval(uuid, uuid, text) is
    'Lets another member decide in the caller''s place, until the caller votes after all. The '
    'result is that of approve_step. Needs approve.';
