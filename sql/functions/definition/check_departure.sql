create or replace function automation_private.check_departure(
    p_trigger jsonb,
    p_key text,
    p_pointer text
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_departure constant jsonb := p_trigger -> p_key;
    v_pointer constant text := automation_private.append_pointer(p_pointer, p_key);
begin
    if jsonb_typeof(v_departure) is distinct from 'object' then
        return automation_private.check_key_type(p_trigger, p_key, array['object'], p_pointer);
    end if;
    return automation_private.collect_errors(
        automation_private.check_known_keys(
            v_departure, array['event', 'condition', 'key'], v_pointer
        ),
        case
            when not automation_private.is_event_name(v_departure -> 'event')
                then automation_private.build_error(
                    v_pointer, 'missing_key', format('a %s needs the name of an "event"', p_key)
                )
        end,
        automation_private.check_key_template(v_departure, 'key', v_pointer),
        case
            when v_departure ? 'condition' then (automation_private.compile_condition(
                v_departure -> 'condition', 'row', '{}', v_pointer || '/condition'
            )).errors
        end
    );
end;
$$;

comment on function automation_private.check_departure(jsonb, text, text) is
    'The errors of a goal or an exit: an event, and whom it is about.';
