create or replace function automation.comment_step(
    p_step_id uuid,
    p_comment text
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
    if coalesce(btrim(p_comment), '') = '' then
        raise exception using errcode = 'MA001', message = 'a comment says something';
    end if;
    return automation_private.cast_vote(
        v_org, p_step_id, automation.current_user_id(), 'comment', p_comment
    );
end;
$$;

comment on function automation.comment_step(uuid, text) is
    'Adds a comment to an open approval without deciding anything. Needs approve.';
