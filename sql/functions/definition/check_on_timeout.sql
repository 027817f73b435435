create or replace function automation_private.check_on_timeout(p_source jsonb, p_pointer text)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if not p_source ? 'on_timeout' then
        return null;
    end if;
    return automation_private.collect_errors(
        case
            when not p_source ? 'timeout' then automation_private.build_error(
                p_pointer, 'missing_key', '"on_timeout" needs a "timeout"'
            )
        end,
        case
            when p_source -> 'on_timeout' = '"escalate"' and not p_source ? 'escalate'
                then automation_private.build_error(
                    p_pointer, 'missing_key', '"escalate" is needed: to whom'
                )
        end,
        case
            when jsonb_typeof(p_source -> 'on_timeout') = 'object'
                then automation_private.collect_errors(
                    automation_private.check_known_keys(
                        p_source -> 'on_timeout', array['next'], p_pointer || '/on_timeout'
                    ),
                    automation_private.check_one_of(
                        p_source -> 'on_timeout', array['next'], p_pointer || '/on_timeout'
                    )
                )
            when p_source ->> 'on_timeout' = any (array['reject', 'approve', 'escalate']) then null
            else automation_private.build_error(
                p_pointer || '/on_timeout', 'unknown_mode',
                '"on_timeout" must say what follows when nobody has decided in time',
                '"reject", "approve", "escalate" or {"next": "id of a step"}'
            )
        end
    );
end;
$$;

comment on function automation_private.check_on_timeout(jsonb, text) is
    'The errors of what an approval does when its time is up.';
