create or replace function automation_private.check_trigger(p_trigger jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_types constant text[] := array[
        'manual', 'event', 'schedule', 'api', 'webhook', 'condition'
    ];
    v_pointer text := '/trigger';
    v_errors jsonb;
    v_form jsonb := p_trigger;
begin
    v_errors := automation_private.collect_errors(
        case
            when not p_trigger ? 'type' then automation_private.build_error(
                v_pointer, 'missing_key', 'a trigger needs a "type"',
                format('one of: %s', array_to_string(v_types, ', '))
            )
            else automation_private.check_key_choice(
                p_trigger, 'type', v_types, 'unknown_trigger', v_pointer
            )
        end,
        automation_private.check_key_type(p_trigger, 'config', array['object'], v_pointer)
    );
    if jsonb_typeof(p_trigger -> 'config') = 'object' then
        v_form := v_form || (p_trigger -> 'config');
        v_pointer := '/trigger/config';
    end if;
    return automation_private.collect_errors(
        v_errors,
        case
            when p_trigger ->> 'type' = 'event' and (
                jsonb_typeof(v_form -> 'event') is distinct from 'string'
                or btrim(v_form ->> 'event') = ''
            )
                then automation_private.build_error(
                    v_pointer, 'missing_key', 'an event trigger needs the name of an "event"'
                )
        end,
        case
            when v_form ? 'condition' then (
                automation_private.compile_condition(
                    v_form -> 'condition', 'row', '{}', v_pointer || '/condition'
                )
            ).errors
        end
    );
end;
$$;

comment on function automation_private.check_trigger(jsonb) is
    'The errors in the form of a trigger, written flat or with its keys under "config".';
