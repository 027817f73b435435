create or replace function automation_private.stop_error(p_visit automation_private.visit)
returns jsonb
language sql
stable
return case
    when p_visit.value ->> 'status' = 'failed' then automation_private.error_object(
        coalesce(p_visit.value ->> 'code', 'stopped'), 'refused',
        coalesce(p_visit.value ->> 'reason', 'stopped')
    ) || jsonb_build_object('step', p_visit.step_key)
end;

comment on function automation_private.stop_error(automation_private.visit) is
    'The error with which a stop step ends what it stops; null when that does not fail.';
