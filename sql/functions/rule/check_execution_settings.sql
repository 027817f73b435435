create or replace function automation_private.check_execution_settings(p_rule jsonb)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return automation_private.collect_errors(
        automation_private.check_key_choice(
            p_rule, 'mode', array['single', 'restart', 'queued', 'parallel'], 'unknown_mode', ''
        ),
        automation_private.check_key_template(p_rule, 'mode_key', ''),
        automation_private.check_key_number(p_rule, 'max_runs', 1, 1000, true, ''),
        case
            when p_rule ? 'max_runs'
                and coalesce(p_rule ->> 'mode', 'single') not in ('queued', 'parallel')
                then automation_private.build_error(
                    '/max_runs', 'contradiction',
                    '"max_runs" is for the modes "queued" and "parallel"'
                )
        end,
        automation_private.check_key_duration(p_rule, 'cooldown', '1 ms', false, ''),
        automation_private.check_key_number(
            p_rule, 'max_executions_per_day', 0, 1000000000, true, ''
        ),
        automation_private.check_limits(p_rule),
        automation_private.check_gathering(p_rule)
    );
end;
$$;

comment on function automation_private.check_execution_settings(jsonb) is
    'The errors of a rule''s mode, cooldown, limits, debounce and batch.';
