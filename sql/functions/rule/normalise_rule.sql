create or replace function automation_private.normalise_rule(p_rule jsonb)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_rule jsonb;
    v_trigger jsonb;
begin
    -- a key that is given under both its names stays under the other one, which is not known
    select coalesce(jsonb_object_agg(
        case when coalesce(p_rule -> a.name, 'null') = 'null' then coalesce(a.name, r.key)
            else r.key
        end,
        r.value
    ), '{}')
    into v_rule
    from jsonb_each(p_rule) as r
    cross join lateral (
        select '{"rule_name": "name", "condition": "conditions", "logic": "condition_logic"}'
            ::jsonb ->> r.key as name
    ) as a
    where r.value <> 'null';

    v_trigger := case
        when jsonb_typeof(v_rule -> 'trigger') = 'string'
            then jsonb_build_object('type', 'event', 'event', v_rule -> 'trigger')
        when v_rule ? 'trigger' then v_rule -> 'trigger'
        when v_rule ?| '{trigger_type,trigger_config}' then jsonb_strip_nulls(
            jsonb_build_object('type', v_rule -> 'trigger_type')
        ) || jsonb_build_object('config', coalesce(v_rule -> 'trigger_config', '{}'))
    end;
    if not v_rule ? 'trigger' then
        v_rule := v_rule - '{trigger_type,trigger_config}'::text[];
    end if;
    return automation_private.normalise_execution(v_rule)
        || jsonb_strip_nulls(jsonb_build_object(
            'condition_logic', coalesce(
                '{"and": "all", "or": "any", "all": "all", "any": "any", "custom": "custom"}'
                    ::jsonb -> lower(v_rule ->> 'condition_logic'),
                v_rule -> 'condition_logic'
            ),
            'priority', coalesce(
                '{"low": 25, "normal": 50, "medium": 50, "high": 75, "urgent": 100,
                "critical": 100}'::jsonb -> lower(v_rule ->> 'priority'),
                v_rule -> 'priority'
            )
        ))
        || case
            when v_trigger is null then '{}' else jsonb_build_object('trigger', v_trigger)
        end
        || case
            when jsonb_typeof(v_rule -> 'actions') = 'array' then jsonb_build_object('actions', (
                select coalesce(
                    jsonb_agg(automation_private.read_rule_action(a.value) order by a.ordinality),
                    '[]'
                )
                from jsonb_array_elements(v_rule -> 'actions') with ordinality as a
            ))
            else '{}'
        end;
end;
$$;

comment on function automation_private.normalise_rule(jsonb) is
    'A rule with its keys, words and actions in the form that is stored, whatever vocabulary it '
    'was written in.';
