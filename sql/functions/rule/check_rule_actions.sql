create or replace function automation_private.check_rule_actions(p_actions jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(p_actions) is distinct from 'array'
        or jsonb_array_length(p_actions) not between 1 and 50
    then
        return automation_private.build_error(
            '/actions', 'missing_actions', 'a rule has a list of 1 to 50 actions',
            '[{"action": "pause_campaign", "config": {"campaign_id": "{{trigger.campaign_id}}"}}]'
        );
    end if;
    return (
        select automation_private.collect_errors(variadic array_agg(
            automation_private.collect_errors(
                automation_private.check_known_keys(
                    a.value,
                    array[
                        'action', 'config', 'name', 'retry', 'timeout', 'on_error', 'save_as',
                        'delay', 'ui'
                    ],
                    '/actions/' || a.ordinality - 1
                ),
                case
                    when not a.value ? 'action' then automation_private.build_error(
                        '/actions/' || a.ordinality - 1, 'missing_key',
                        'an action is named by "action" or "type"'
                    )
                end,
                automation_private.check_key_duration(
                    a.value, 'delay', '0', false, '/actions/' || a.ordinality - 1
                )
            ) order by a.ordinality
        ))
        from jsonb_array_elements(p_actions) with ordinality as a
    );
end;
$$;

comment on function automation_private.check_rule_actions(jsonb) is
    'The errors of a rule''s actions apart from what they do: that is checked as a definition.';
