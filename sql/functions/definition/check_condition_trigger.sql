create or replace function automation_private.check_condition_trigger(
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
        case
            when p_trigger ? 'fire_on' then automation_private.build_error(
                p_pointer || '/fire_on', 'unknown_key',
                'a threshold fires when it is crossed: it has no "fire_on"'
            )
        end,
        automation_private.check_event_trigger(
            p_trigger - automation_private.list_threshold_keys() - 'fire_on', p_pointer
        ),
        (automation_private.read_threshold(p_trigger, p_pointer)).errors
    );
end;
$$;

comment on function automation_private.check_condition_trigger(jsonb, text) is
    'The errors of a trigger that watches a value.';
