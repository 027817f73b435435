create or replace function automation_private.check_action(
    p_source jsonb,
    p_action automation_private.actions,
    p_pointer text
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_config constant jsonb := coalesce(p_source -> 'config', '{}');
begin
    return automation_private.collect_errors(
        automation_private.check_one_of(p_source, array['action'], p_pointer),
        automation_private.check_key_type(p_source, 'config', array['object'], p_pointer),
        case
            when p_action.action is null then automation_private.check_key_choice(
                p_source, 'action', array(
                    select a.action from automation_private.actions as a
                    where not a.internal
                    order by a.action
                ),
                'unknown_action', p_pointer
            )
            when jsonb_typeof(v_config) = 'object' then automation_private.check_json_schema(
                p_action.config_schema, v_config, p_pointer || '/config', true
            )
        end
    );
end;
$$;

comment on function automation_private.check_action(
    jsonb, automation_private.actions, text
) is
    'The errors of an action that is not registered, or whose config does not fit its schema.';
