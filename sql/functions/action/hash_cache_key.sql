create or replace function automation_private.hash_cache_key(p_action text, p_key jsonb)
returns bytea
language sql
stable
return sha256(convert_to(
    jsonb_build_array(
        (select a.handler from automation_private.actions as a where a.action = p_action), p_key
    )::text, 'UTF8'
));

comment on function automation_private.hash_cache_key(text, jsonb) is
    'Under what the result of an action is kept: the key that the step gives and the function that '
    'the action is now.';
