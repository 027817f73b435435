create or replace function automation_private.visit_output(p_visit automation_private.visit)
returns jsonb
language sql
stable
return case p_visit.runs
    when 'set' then p_visit.value
    when 'condition' then jsonb_build_object(
        'result', p_visit.branch not in ('false', 'default', 'error'), 'branch', p_visit.branch
    )
    when 'split' then jsonb_build_object('branches', string_to_array(p_visit.branch, ', '))
end;

comment on function automation_private.visit_output(automation_private.visit) is
    'The output of a step that is done on entry, or of a split.';
