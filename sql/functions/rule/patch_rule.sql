create or replace function automation_private.patch_rule(p_rule jsonb, p_changes jsonb)
returns jsonb
language sql
immutable
return p_rule - array(
    select coalesce(
        '{"rule_name": "name", "condition": "conditions", "logic": "condition_logic",
        "trigger_type": "trigger"}'::jsonb ->> c.key,
        c.key
    )
    from jsonb_object_keys(p_changes) as c (key)
) || p_changes;

comment on function automation_private.patch_rule(jsonb, jsonb) is
    'A rule with some keys replaced, under whatever name they are given.';
