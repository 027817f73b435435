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
    select coalesce(jsonb_object_agg(
        coalesce('{"rule_name": "name", "condition": "conditions", "logic": "condition_logic"}'
            ::jsonb ->> r.key, r.key),
        r.value
    ), '{}')
    into v_rule
    from jsonb_each(p_rule) as r
    where r.value <> 'null';

    v_trigger := case
        when jsonb_typeof(v_rule -> 'trigger') = 'string'
            then jsonb_build_object('type', 'event', 'event', v_rule -> 'trigger')
        when v_rule ? 'trigger' then v_rule -> 'trigger'
        when v_rule ? 'trigger_type' then jsonb_build_object(
            'type', v_rule -> 'trigger_type',
            'config', coalesce(nullif(v_rule -> 'trigger_config', 'null'), '{}')
        )
    end;
    return v_rule - '{trigger_type,trigger_config}'::text[]
        || jsonb_strip_nulls(jsonb_build_object(
            'condition_logic', coalesce(
                '{"and": "all", "or": "any"}'::jsonb -> lower(v_rule ->> 'condition_logic'),
                v_rule -> 'condition_logic'
            ),
            'priority', coalesce(
                '{"low": 25, "normal": 50, "medium": 50, "high": 75, "urgent": 100,
                "critical": 100}'::jsonb -> (v_rule ->> 'priority'),
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
