create or replace function automation_private.held_token(
    p_held automation_private.held_tokens
)
returns automation_private.token
language sql
immutable
return (
    p_held.org_id, p_held.instance_id, p_held.root_id, p_held.step_order, p_held.scope_id,
    p_held.iteration_id, p_held.from_order, p_held.enters_id
)::automation_private.token;

comment on function automation_private.held_token(automation_private.held_tokens) is
    'A token that was laid aside.';
