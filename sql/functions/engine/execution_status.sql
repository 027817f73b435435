create or replace function automation_private.execution_status(p_status text, p_failed int)
returns text
language sql
immutable
return case
    when p_status = 'failed' then 'failed'
    when p_status = 'cancelled' then 'skipped'
    when p_failed > 0 then 'partial'
    else 'success'
end;

comment on function automation_private.execution_status(text, int) is
    'How history calls the end of an instance in which so many steps have failed.';
