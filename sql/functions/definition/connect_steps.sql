create or replace function automation_private.connect_steps(
    p_definition automation_private.compiled_definition,
    p_start text
)
returns automation_private.compiled_definition
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_steps constant automation_private.compiled_step[] := p_definition.steps;
    v_targets constant jsonb := automation_private.map_targets(v_steps);
    v_guesses constant jsonb := automation_private.guess_targets(v_steps, v_targets);
    v_edges constant automation_private.step_edge[] := automation_private.list_edges(
        v_steps, v_targets, v_guesses
    );
    v_walk constant int[] := automation_private.walk_edges(v_edges);
    v_merges constant int[] := automation_private.list_merges(v_steps, v_targets);
begin
    p_definition.scopes := automation_private.find_scopes(v_merges, v_edges, v_walk);
    p_definition.errors := automation_private.collect_errors(
        p_definition.errors,
        case
            when not v_targets ? p_start then automation_private.build_error(
                '/start', 'unknown_step', format('there is no step "%s"', left(p_start, 100)),
                'name the id of a step of this definition'
            )
        end,
        (
            select automation_private.collect_errors(variadic array_agg(s.errors))
            from unnest(v_steps) as s
        ),
        automation_private.check_ids(v_steps, v_targets, v_walk),
        automation_private.check_links(v_steps, v_targets, v_guesses),
        automation_private.check_merges(v_steps, v_merges, v_edges, p_definition.scopes),
        automation_private.check_reads(v_steps, v_targets, v_guesses, v_edges, v_walk),
        (
            select jsonb_agg(
                case r.name
                    when 'loop' then automation_private.build_error(
                        '/output', 'no_enclosing_loop', 'the output stands in no loop'
                    )
                    else automation_private.build_error(
                        '/output', 'unknown_step',
                        format('there is no step for %s', left(r.name, 100))
                    )
                end order by r.name
            )
            from unnest(p_definition.output_reads) as r (name)
            where r.name = 'loop'
                or r.name ~ '^(steps|status)\.'
                and not v_targets ? substring(r.name from '^(?:steps|status)\.(.*)$')
        )
    );
    return p_definition;
end;
$$;

comment on function automation_private.connect_steps(
    automation_private.compiled_definition, text
) is
    'The definition with its steps'' errors, the scopes they stand in and the errors of what '
    'connects them.';
