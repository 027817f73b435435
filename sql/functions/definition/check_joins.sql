create or replace function automation_private.check_joins(
    p_steps automation_private.compiled_step[],
    p_targets jsonb,
    p_edges automation_private.step_edge[],
    p_scopes int[]
)
returns jsonb
language sql
immutable
begin atomic
    with merge as (
        select s.ordinality::int as step, s.step_key, s.pointer
        from unnest(p_steps) with ordinality as s
        where s.runs = 'merge' and s.source ? 'from'
    ),

    named as (
        select
            m.step, l.pointer, l.target as id, (p_targets ->> l.target)::int as source,
            row_number() over (partition by m.step, l.target order by l.ordinality) as occurrence
        from merge as m
        cross join unnest(p_steps[m.step].links) with ordinality as l
        where l.role = 'from'
    )

    select automation_private.collect_errors(
        (
            select jsonb_agg(
                case
                    when n.occurrence > 1 then automation_private.build_error(
                        n.pointer, 'duplicate_id', format('"%s" is named already', n.id)
                    )
                    else automation_private.build_error(
                        n.pointer, 'no_predecessor',
                        format('"%s" does not lead to this merge', n.id),
                        'name the steps whose "next" is the merge'
                    )
                end order by n.step, n.pointer
            )
            from named as n
            where n.source is not null and (
                n.occurrence > 1
                or not exists (
                    select from unnest(p_edges) as e
                    where e.source = n.source and e.target = n.step
                )
            )
        ),
        (
            select jsonb_agg(
                case
                    when p_scopes[m.step] = -1 then automation_private.build_error(
                        m.pointer, 'ambiguous_scope',
                        format(
                            'the tokens that arrive at the merge "%s" live in several splits',
                            m.step_key
                        ),
                        'join them where they run side by side'
                    )
                    else automation_private.build_error(
                        m.pointer || '/from', 'unlisted_predecessor',
                        format('"%s" leads to this merge, too', o.step_key),
                        'name all steps that lead here, or let it go another way'
                    )
                end order by m.step, o.source
            )
            from merge as m
            left join lateral (
                select distinct on (e.source) e.source, p_steps[e.source].step_key
                from unnest(p_edges) as e
                where e.target = m.step and not exists (
                    select from named as n where n.step = m.step and n.source = e.source
                )
                order by e.source
            ) as o on p_scopes[m.step] <> -1
            where p_scopes[m.step] = -1
                or o.source is not null and exists (select from named as n where n.step = m.step)
        )
    );
end;

comment on function automation_private.check_joins(
    automation_private.compiled_step[], jsonb, automation_private.step_edge[], int[]
) is
    'The errors of merges without a split: steps named that do not lead there, or that do and are '
    'not named.';
