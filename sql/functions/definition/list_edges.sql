create or replace function automation_private.list_edges(
    p_steps automation_private.compiled_step[],
    p_targets jsonb,
    p_guesses jsonb
)
returns automation_private.step_edge[]
language sql
immutable
begin atomic
    select coalesce(
        array_agg(
            (
                e.source, e.target,
                e.role = 'body' or e.runs = 'split' and e.role in ('branch', 'case', 'else'),
                e.role = 'body', e.pointer
            )::automation_private.step_edge
            order by e.source, e.place
        ),
        '{}'
    )
    from (
        select
            s.ordinality as source, s.runs, l.role, l.ordinality as place,
            case when p_targets ? l.target then l.pointer end as pointer,
            (p_targets ->> coalesce(p_guesses ->> l.target, l.target))::int as target
        from unnest(p_steps) with ordinality as s
        cross join unnest(s.links) with ordinality as l
        where l.role not like 'reads%' and l.role not in ('split', 'from')
    ) as e
    where e.target is not null;
end;

comment on function automation_private.list_edges(
    automation_private.compiled_step[], jsonb, jsonb
) is
    'The ways between steps, by their orders. A misspelt id counts as the one that was meant, so '
    'that one slip is reported once; such a way has no pointer.';
