create or replace function automation_private.check_links(
    p_steps automation_private.compiled_step[],
    p_targets jsonb,
    p_guesses jsonb
)
returns jsonb
language sql
immutable
begin atomic
    select jsonb_agg(
        case
            when not p_targets ? l.target then automation_private.build_error(
                l.pointer, 'unknown_step',
                format('there is no step "%s"', left(l.target, 100)),
                coalesce(
                    'did you mean "' || (p_guesses ->> l.target) || '"?',
                    'name the id of a step of this definition'
                )
            )
            else automation_private.build_error(
                l.pointer, 'not_a_split', format('"%s" is not a split', l.target),
                'name the split whose branches this merge joins'
            )
        end order by s.ordinality, l.ordinality
    )
    from unnest(p_steps) with ordinality as s
    cross join unnest(s.links) with ordinality as l
    where l.role not like 'reads%' and (
        not p_targets ? l.target
        or l.role = 'split' and p_steps[(p_targets ->> l.target)::int].runs is distinct from 'split'
    );
end;

comment on function automation_private.check_links(
    automation_private.compiled_step[], jsonb, jsonb
) is
    'The errors of links to ids that no step has, and of merges that name something else than a '
    'split.';
