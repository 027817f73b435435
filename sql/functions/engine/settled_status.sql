create or replace function automation_private.settled_status(p_fate text)
returns text
language sql
immutable
return case p_fate
    when 'completed' then 'completed'
    when 'timed_out' then 'completed'
    when 'ended' then 'completed'
    when 'skipped' then 'skipped'
    when 'cancelled' then 'cancelled'
    when 'gone_on' then 'running'
    when 'retry' then 'waiting'
    else 'failed'
end;

comment on function automation_private.settled_status(text) is
    'How an activation stands after its outcome has been judged.';
