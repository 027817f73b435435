create or replace function automation_private.select_visits(
    p_visits automation_private.visit[],
    p_present text[],
    p_runs text
)
returns automation_private.visit[]
language sql
immutable
return case
    when p_present = array[p_runs] then p_visits
    else array(select v from unnest(p_visits) as v where v.runs = p_runs and v.error is null)
end;

comment on function automation_private.select_visits(automation_private.visit[], text[], text) is
    'The visits of one kind without an error; all of them as they are when no other kind is '
    'present.';
