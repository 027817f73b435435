create or replace function automation_private.limit_keys(p_action text)
returns text[]
language sql
stable
return array[p_action] || array(
    select 'provider:' || a.provider
    from automation_private.actions as a
    where a.action = p_action and a.provider <> '*'
);

comment on function automation_private.limit_keys(text) is
    'What can be limited or blocked so that an action has to wait: itself and its provider.';
