create or replace function automation_private.check_approval(p_source jsonb, p_pointer text)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_most int := automation_private.count_named_users(p_source);
begin
    return automation_private.collect_errors(
        automation_private.check_step_keys(
            p_source,
            array[
                'approvers', 'required', 'message', 'content', 'approved_next', 'rejected_next',
                'changes_next', 'remind', 'escalate', 'on_timeout', 'allow_self'
            ],
            p_pointer
        ),
        automation_private.check_approvers(p_source, 'approvers', p_pointer),
        coalesce(
            automation_private.check_key_number(p_source, 'required', 1, 100, true, p_pointer),
            case
                when (p_source ->> 'required')::numeric > v_most
                    then automation_private.build_error(
                        p_pointer || '/required', 'out_of_range',
                        format(
                            '%s are required, but only %s named', p_source ->> 'required', v_most
                        ),
                        'name more approvers, a role, or an escalation'
                    )
            end
        ),
        automation_private.check_key_type(p_source, 'message', array['string'], p_pointer),
        automation_private.check_key_type(p_source, 'allow_self', array['boolean'], p_pointer),
        case
            when p_source ? 'approved_next' and p_source -> 'on_error' is distinct from '"continue"'
                then automation_private.check_unused(
                    p_source, array['next'], 'approved tokens go on at "approved_next"', p_pointer
                )
        end,
        automation_private.check_durations(p_source, 'remind', 20, p_pointer),
        automation_private.check_escalations(p_source, p_pointer),
        automation_private.check_on_timeout(p_source, p_pointer)
    );
end;
$$;

comment on function automation_private.check_approval(jsonb, text) is
    'All errors of an approval step''s own keys.';
