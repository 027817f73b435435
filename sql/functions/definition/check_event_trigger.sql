create or replace function automation_private.check_event_trigger(
    p_trigger jsonb,
    p_pointer text
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return automation_private.collect_errors(
        automation_private.check_known_keys(
            p_trigger,
            array[
                'type', 'event', 'entity', 'condition', 'fire_on', 'on_loop', 'on_condition_error',
                'ui'
            ] || automation_private.list_enrolment_keys(),
            p_pointer
        ),
        case
            when not automation_private.is_event_name(p_trigger -> 'event')
                or p_trigger ->> 'event' ~ '^(manual|schedule)\.'
                then automation_private.build_error(
                    p_pointer, 'missing_key', 'an event trigger needs the name of an "event"',
                    'words of a-z, 0-9 and _, joined by dots: mention.created'
                )
        end,
        automation_private.check_entities(p_trigger, p_pointer),
        automation_private.check_enrolment(p_trigger, p_pointer),
        automation_private.check_key_choice(
            p_trigger, 'fire_on', array['transition', 'every'], 'unknown_mode', p_pointer
        ),
        automation_private.check_key_choice(
            p_trigger, 'on_loop', array['avoid_loop', 'ignore', 'allow'], 'unknown_mode', p_pointer
        ),
        automation_private.check_key_choice(
            p_trigger, 'on_condition_error', array['skip', 'fail'], 'unknown_mode', p_pointer
        ),
        case
            when p_trigger ? 'condition' then (
                automation_private.compile_condition(
                    p_trigger -> 'condition', 'row', '{}', p_pointer || '/condition'
                )
            ).errors
        end
    );
end;
$$;

comment on function automation_private.check_event_trigger(jsonb, text) is
    'The errors of a trigger that waits for an event.';
