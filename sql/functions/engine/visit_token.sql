create or replace function automation_private.visit_token(
    p_visit automation_private.visit
)
returns automation_private.token
language sql
immutable
return (
    p_visit.org_id, p_visit.instance_id, p_visit.root_id, p_visit.step_order, p_visit.scope_id,
    p_visit.iteration_id, p_visit.from_order,
    case when p_visit.is_again then p_visit.step_id end
)::automation_private.token;

comment on function automation_private.visit_token(automation_private.visit) is
    'The token as it stood before it entered.';
