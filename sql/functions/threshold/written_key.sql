create or replace function automation_private.written_key(p_object jsonb, p_names text[])
returns text
language sql
immutable
begin atomic
    select n.name
    from unnest(p_names) with ordinality as n (name, ordinality)
    order by (p_object ? n.name) desc, n.ordinality
    limit 1;
end;

comment on function automation_private.written_key(jsonb, text[]) is
    'Which of several names of one key is written in an object; the first when none is.';
