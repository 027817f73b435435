create or replace function automation_private.loop_overrun(p_most int)
returns automation_private.turn_verdict
language sql
stable
return ('fail', 0, automation_private.error_object(
    'loop_overrun', 'invalid', format('more than %s turns (max_iterations)', p_most)
))::automation_private.turn_verdict;

comment on function automation_private.loop_overrun(int) is
    'The failure of a loop that has more items or turns than it may.';
