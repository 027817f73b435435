create or replace function automation_private.find_action(p_source jsonb)
returns automation_private.actions
language sql
stable
begin atomic
    select a.* -- noqa: AM04
    from automation_private.actions as a
    where a.action = p_source ->> 'action';
end;

comment on function automation_private.find_action(jsonb) is
    'The registered action that a step or a compensation names; null when there is none.';
