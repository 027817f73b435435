create or replace function automation_private.tolerated_failures(
    p_tolerated jsonb,
    p_turns int
)
returns numeric
language sql
immutable
return case jsonb_typeof(p_tolerated)
    when 'number' then (p_tolerated #>> '{}')::numeric
    when 'string' then rtrim(p_tolerated #>> '{}', '%')::numeric * p_turns / 100
    else 0
end;

comment on function automation_private.tolerated_failures(jsonb, int) is
    'How many turns of a loop of so many may fail: a number, or "20%" of them; none by default.';
