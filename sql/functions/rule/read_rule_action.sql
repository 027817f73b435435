create or replace function automation_private.read_rule_action(p_action jsonb)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_step_keys constant text[] := array[
        'name', 'retry', 'timeout', 'on_error', 'save_as', 'delay', 'ui'
    ];
    v_given jsonb := case jsonb_typeof(p_action)
        when 'string' then jsonb_build_object('action', p_action)
        when 'object' then p_action
        else '{}'
    end;
    v_name text := case
        when coalesce(v_given ->> 'type', 'action') = 'action' then v_given ->> 'action'
        else v_given ->> 'type'
    end;
    v_alias jsonb := coalesce(automation_private.action_aliases() -> v_name, '{}');
    v_config jsonb := coalesce(v_given -> 'config', v_given -> 'params', v_given -> 'parameters');
    v_rest jsonb := v_given - v_step_keys - '{type,action,config,params,parameters}'::text[];
begin
    -- the older form has the settings beside the type
    if v_config is null and (v_given ->> 'type') is distinct from 'action' then
        v_config := v_rest;
        v_rest := '{}';
    end if;
    if jsonb_typeof(coalesce(v_config, '{}')) = 'object' then
        select coalesce(jsonb_object_agg(
            coalesce(v_alias -> 'rename' ->> c.key, c.key), c.value
        ), '{}')
        into v_config
        from jsonb_each(coalesce(v_config, '{}')) as c;
        v_config := coalesce(v_alias -> 'config', '{}') || v_config;
    end if;
    return v_rest || jsonb_strip_nulls(jsonb_build_object(
        'action', coalesce(v_alias ->> 'action', v_name)
    )) || jsonb_build_object('config', v_config) || (
        select coalesce(jsonb_object_agg(k.key, k.value), '{}')
        from jsonb_each(v_given) as k
        where k.key = any (v_step_keys)
    );
end;
$$;

comment on function automation_private.read_rule_action(jsonb) is
    'One action of a rule in canonical form {action, config, …}, from any of the forms it may be '
    'written in: a name, {"type", "params"}, {"type", …}, {"action", "config"}.';
