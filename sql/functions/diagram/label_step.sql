create or replace function automation_private.label_step(p_step jsonb, p_tally jsonb)
returns text
language sql
immutable
return (
    select string_agg(
        automation_private.escape_label(l.line, 60), '<br/>' order by l.ordinality
    )
    from unnest(array[
        case
            when automation_private.escape_label(p_step ->> 'name', 60) <> ''
                then p_step ->> 'name'
            else coalesce(p_step ->> 'id', '?')
        end,
        automation_private.describe_step(p_step),
        case
            when (p_tally ->> 'entered')::int > 1 then (p_tally ->> 'entered') || ' times' || (
                select case
                    when count(*) > 1
                        then ': ' || string_agg(c.value || ' ' || c.key, ', ' order by c.key)
                    else ''
                end
                from jsonb_each_text(p_tally -> 'counts') as c
            )
        end,
        case when (p_tally -> 'is_undone')::boolean then 'undone' end
    ]) with ordinality as l (line, ordinality)
    where automation_private.escape_label(l.line, 60) <> ''
);

comment on function automation_private.label_step(jsonb, jsonb) is
    'What stands in the node of a step: its name, what it does, and how often an instance did it.';
