create or replace function automation_private.check_api_trigger(p_trigger jsonb, p_pointer text)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return automation_private.collect_errors(
        automation_private.check_known_keys(
            p_trigger,
            array['type', 'condition', 'on_loop', 'on_condition_error', 'ui'] || case
                when p_trigger ->> 'type' <> 'manual'
                    then array['webhook', 'entity'] || automation_private.list_enrolment_keys()
                else '{}'
            end,
            p_pointer
        ),
        automation_private.check_entities(p_trigger, p_pointer),
        automation_private.check_enrolment(p_trigger, p_pointer),
        case
            when p_trigger ? 'webhook' and (
                jsonb_typeof(p_trigger -> 'webhook') <> 'string'
                or p_trigger ->> 'webhook' !~ '^[a-z][a-z0-9_]{0,62}$'
            ) then automation_private.build_error(
                p_pointer || '/webhook', 'wrong_type', '"webhook" is the name of a webhook',
                'automation.create_webhook(''shop'')'
            )
        end,
        automation_private.check_key_choice(
            p_trigger, 'on_loop', array['avoid_loop', 'ignore', 'allow'], 'unknown_mode', p_pointer
        ),
        automation_private.check_key_choice(
            p_trigger, 'on_condition_error', array['skip', 'fail'], 'unknown_mode', p_pointer
        ),
        case
            when p_trigger ? 'condition' then (automation_private.compile_condition(
                p_trigger -> 'condition', 'row', '{}', p_pointer || '/condition'
            )).errors
        end
    );
end;
$$;

comment on function automation_private.check_api_trigger(jsonb, text) is
    'The errors of a trigger that waits for a webhook or a call.';
