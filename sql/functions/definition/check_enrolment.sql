create or replace function automation_private.check_enrolment(p_trigger jsonb, p_pointer text)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_enrol constant jsonb := p_trigger -> 'enrol';
    v_pointer constant text := p_pointer || '/enrol';
begin
    return automation_private.collect_errors(
        automation_private.check_key_type(p_trigger, 'enrol', array['object'], p_pointer),
        case when jsonb_typeof(v_enrol) = 'object' then automation_private.collect_errors(
            automation_private.check_known_keys(v_enrol, array['key', 'reenrol', 'gap'], v_pointer),
            automation_private.check_key_template(v_enrol, 'key', v_pointer),
            automation_private.check_key_choice(
                v_enrol, 'reenrol',
                array['never', 'after_exit', 'after_gap', 'per_event_key', 'restart'],
                'unknown_mode', v_pointer
            ),
            automation_private.check_key_duration(v_enrol, 'gap', '1 ms', false, v_pointer),
            case
                when coalesce(v_enrol ->> 'reenrol' = 'after_gap', false) <> v_enrol ? 'gap'
                    then automation_private.build_error(
                        v_pointer, 'contradiction', '"gap" belongs to "reenrol": "after_gap"'
                    )
            end
        ) end,
        automation_private.check_departure(p_trigger, 'goal', p_pointer),
        automation_private.check_departure(p_trigger, 'exit', p_pointer)
    );
end;
$$;

comment on function automation_private.check_enrolment(jsonb, text) is
    'The errors of a trigger''s enrolment, goal and exit.';
