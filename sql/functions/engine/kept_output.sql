create or replace function automation_private.kept_output(p_settled automation_private.settled)
returns jsonb
language sql
immutable
return case
    when not p_settled.output_is_read or p_settled.fate in ('retry', 'ended', 'cancelled')
        then null
    when p_settled.error is null
        then jsonb_build_object(p_settled.step_key, p_settled.output)
    else jsonb_build_object(
        p_settled.step_key, jsonb_build_object('error', p_settled.error)
    )
end;

comment on function automation_private.kept_output(automation_private.settled) is
    'What steps.<id> is from now on, as an object to lay over the others; null when nobody reads '
    'it.';
