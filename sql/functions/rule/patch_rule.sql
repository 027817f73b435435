create or replace function automation_private.patch_rule(p_rule jsonb, p_changes jsonb)
returns jsonb
language sql
immutable
return p_rule - array(
    select coalesce(
        '{"rule_name": "name", "condition": "conditions", "logic": "condition_logic",
        "trigger_type": "trigger", "trigger_config": "trigger", "throttle": "cooldown",
        "cooldown_minutes": "cooldown", "limit": "limits"}'::jsonb ->> c.key,
        c.key
    )
    from jsonb_object_keys(p_changes) as c (key)
) || case
    when p_changes ? 'trigger_config' and not p_changes ?| '{trigger,trigger_type}'
        then jsonb_build_object('trigger_type', p_rule #> '{trigger,type}')
    else '{}'
end || (
    -- another logic joins the conditions that are there in another way
    select coalesce(jsonb_object_agg(
        'conditions', (p_rule -> 'conditions') - g.key || jsonb_build_object(
            case when l.logic in ('any', 'or') then 'any' else 'all' end, g.value
        )
    ), '{}')
    from jsonb_each(
        case jsonb_typeof(p_rule -> 'conditions')
            when 'object' then p_rule -> 'conditions' else '{}'
        end
    ) as g
    cross join (
        select lower(coalesce(p_changes ->> 'condition_logic', p_changes ->> 'logic', 'all'))
            as logic
    ) as l
    where g.key in ('all', 'any')
        and l.logic <> 'custom'
        and p_changes ?| '{condition_logic,logic}'
        and not p_changes ?| '{conditions,condition}'
) || p_changes;

comment on function automation_private.patch_rule(jsonb, jsonb) is
    'A rule with some keys replaced, under whatever name they are given.';
