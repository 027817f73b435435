create or replace function automation_private.list_merges(
    p_steps automation_private.compiled_step[],
    p_targets jsonb
)
returns int[]
language sql
immutable
begin atomic
    select array_agg(
        case
            when s.runs = 'merge' and not s.source ? 'from' then coalesce(
                (
                    select (p_targets ->> l.target)::int
                    from unnest(s.links) as l
                    where
                        l.role = 'split'
                        and p_steps[(p_targets ->> l.target)::int].runs = 'split'
                ), 0
            )
        end order by s.ordinality
    )
    from unnest(p_steps) with ordinality as s;
end;

comment on function automation_private.list_merges(automation_private.compiled_step[], jsonb) is
    'For every step null, or, if it is a merge of a split, the order of the split that it names, 0 '
    'for none.';
