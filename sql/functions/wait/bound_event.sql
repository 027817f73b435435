create or replace function automation_private.bound_event(p_event jsonb, p_bytes int)
returns jsonb
language sql
stable
return case
    when pg_column_size(p_event) <= p_bytes
        and not p_event @? '$.**{30}'
        and not automation_private.has_wild_number(p_event)
        then p_event
    else p_event - '{new,old,changed}'::text[] || '{"is_cut": true}'
end;

comment on function automation_private.bound_event(jsonb, int) is
    'The description of an event, without its rows when these are too large for an output.';
