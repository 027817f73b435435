create or replace function automation_private.check_wait_event(p_event jsonb, p_pointer text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(p_event) <> 'object' then
        return automation_private.build_error(
            p_pointer, 'wrong_type', 'an event to wait for is an object {"event", "match"}'
        );
    end if;
    return automation_private.collect_errors(
        automation_private.check_known_keys(
            p_event, array['event', 'match', 'filter', 'count', 'next', 'consume'], p_pointer
        ),
        case
            when not automation_private.is_event_name(p_event -> 'event')
                or p_event ->> 'event' ~ '^(manual|schedule)\.'
                then automation_private.build_error(
                    p_pointer || case when p_event ? 'event' then '/event' else '' end,
                    'missing_key', 'it needs the name of an "event"',
                    'words of a-z, 0-9 and _, joined by dots: mention.created'
                )
        end,
        automation_private.check_key_type(p_event, 'consume', array['boolean'], p_pointer),
        case
            when p_event ->> 'count' like '%{{%' then null
            else automation_private.check_key_number(p_event, 'count', 1, 1000, true, p_pointer)
        end,
        automation_private.check_key_type(p_event, 'match', array['object'], p_pointer),
        case
            when jsonb_typeof(p_event -> 'match') = 'object'
                then automation_private.check_match(p_event -> 'match', p_pointer || '/match')
        end
    );
end;
$$;

comment on function automation_private.check_wait_event(jsonb, text) is
    'The errors in the form of one event that a step waits for.';
