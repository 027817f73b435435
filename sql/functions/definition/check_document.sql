create or replace function automation_private.check_document(p_definition jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(p_definition) <> 'object' then
        return jsonb_build_array(automation_private.build_error(
            '', 'wrong_type', 'a definition must be an object',
            'for example {"steps": [{"id": "end", "type": "stop"}]}'
        ));
    end if;
    return automation_private.collect_errors(
        automation_private.check_known_keys(
            p_definition,
            array['trigger', 'input', 'settings', 'start', 'steps', 'output', 'ui'],
            ''
        ),
        automation_private.check_key_type(p_definition, 'start', array['string'], ''),
        automation_private.check_key_type(p_definition, 'trigger', array['object'], ''),
        case
            when jsonb_typeof(p_definition -> 'trigger') = 'object'
                then automation_private.check_trigger(p_definition -> 'trigger')
        end,
        automation_private.check_key_type(p_definition, 'input', array['object'], ''),
        case
            when jsonb_typeof(p_definition -> 'input') = 'object'
                then automation_private.check_input_schema(p_definition -> 'input')
        end,
        automation_private.check_key_type(p_definition, 'settings', array['object'], ''),
        case
            when jsonb_typeof(p_definition -> 'settings') = 'object'
                then automation_private.check_settings(p_definition -> 'settings')
        end,
        case
            when jsonb_typeof(p_definition #> '{settings,mode}') = 'string'
                and jsonb_typeof(p_definition -> 'trigger') = 'object'
                and p_definition -> 'trigger' ?| automation_private.list_enrolment_keys()
                then automation_private.build_error(
                    '/settings/mode', 'conflicting_keys',
                    'the trigger says already who may be in at once',
                    'leave out "mode", or "enrol", "goal" and "exit"'
                )
        end,
        automation_private.check_key_list(p_definition, 'steps', ''),
        case
            when jsonb_path_exists(p_definition, 'strict $.steps[500]', '{}', true)
                then automation_private.build_error(
                    '/steps', 'too_many_steps', 'a definition has at most 500 steps',
                    'move a part of it into a template of its own'
                )
        end,
        case
            when automation_private.has_wild_number(p_definition)
                then automation_private.build_error(
                    '', 'number_out_of_range', 'a number has more than 38 digits',
                    'programs that read it could not'
                )
        end
    );
end;
$$;

comment on function automation_private.check_document(jsonb) is
    'The errors of a definition''s top level: keys, trigger, inputs, settings, number of steps.';
