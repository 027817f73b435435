create or replace function automation_private.check_settings(p_settings jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    c_pointer constant text := '/settings';
begin
    return automation_private.collect_errors(
        automation_private.check_known_keys(
            p_settings,
            array[
                'timeout', 'on_failure', 'mode', 'mode_key', 'max_activations', 'max_depth',
                'timezone'
            ],
            c_pointer
        ),
        automation_private.check_key_duration(p_settings, 'timeout', '1 ms', false, c_pointer),
        automation_private.check_key_choice(
            p_settings, 'on_failure', array['fail', 'rollback'], 'unknown_mode', c_pointer
        ),
        automation_private.check_key_choice(
            p_settings, 'mode', array['single', 'restart', 'queued', 'parallel'], 'unknown_mode',
            c_pointer
        ),
        automation_private.check_key_template(p_settings, 'mode_key', c_pointer),
        case
            when p_settings ? 'mode_key' and not p_settings ? 'mode'
                then automation_private.build_error(
                    c_pointer || '/mode_key', 'conflicting_keys',
                    '"mode_key" says whose runs "mode" counts', 'give a "mode", too'
                )
        end,
        automation_private.check_key_number(
            p_settings, 'max_activations', 1, 100000, true, c_pointer
        ),
        automation_private.check_key_number(p_settings, 'max_depth', 1, 10, true, c_pointer),
        automation_private.check_timezone(p_settings, c_pointer)
    );
end;
$$;

comment on function automation_private.check_settings(jsonb) is
    'The errors of a definition''s settings.';
