create or replace function automation_private.describe_stray_merge(
    p_steps automation_private.compiled_step[],
    p_scopes int[],
    p_merge int,
    p_sources int[],
    p_arrivals int[]
)
returns jsonb
language sql
immutable
return case
    when not exists (
        select from unnest(p_arrivals) as a (scope)
        where a.scope < 0 or p_steps[a.scope].runs = 'split'
    ) then automation_private.build_error(
        p_steps[p_merge].pointer, 'no_enclosing_split',
        format('no split encloses the merge "%s"', p_steps[p_merge].step_key),
        'without a split before it only one token arrives: let the steps lead to its successor'
    )
    else automation_private.build_error(
        p_steps[p_merge].pointer, 'ambiguous_scope',
        format(
            'the tokens that arrive at the merge "%s" do not all come from %s: %s',
            p_steps[p_merge].step_key,
            coalesce(
                case p_steps[p_scopes[p_merge]].runs
                    when 'split' then 'the split "' || p_steps[p_scopes[p_merge]].step_key || '"'
                end,
                'one split'
            ),
            (
                select string_agg(
                    format(
                        '"%s" stands in %s', p_steps[a.source].step_key,
                        case
                            when a.scope > 0 then format('"%s"', p_steps[a.scope].step_key)
                            when a.scope = 0 then 'no split'
                            else 'several'
                        end
                    ), ', ' order by a.source
                )
                from unnest(p_sources, p_arrivals) as a (source, scope)
            )
        ),
        'let every way to the merge begin at a branch of its split'
    )
end;

comment on function automation_private.describe_stray_merge(
    automation_private.compiled_step[], int[], int, int[], int[]
) is
    'The error of a merge at which tokens arrive that do not live in the scope of its split.';
