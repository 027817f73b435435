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
    v_earlier bit varying[] := automation_private.find_earlier(
        cardinality(v_steps), v_edges, v_walk
    );
    v_bodies constant automation_private.body_plan := automation_private.find_regions(
        v_steps, v_edges, v_walk, v_earlier
    );
    v_loops constant int[] := automation_private.list_loops(v_steps, v_bodies.regions);
    v_exits constant automation_private.step_edge[] := automation_private.list_exits(
        v_steps, v_bodies.edges, v_bodies.regions
    );
begin
    if v_exits <> '{}' then
        v_earlier := automation_private.find_earlier(
            cardinality(v_steps), v_edges || v_exits, v_walk
        );
    end if;
    p_definition.scopes := automation_private.find_scopes(v_merges, v_bodies.edges, v_walk);
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
        v_bodies.errors,
        automation_private.check_depth(v_steps, p_definition.scopes),
        automation_private.check_merges(
            v_steps, v_merges, v_bodies.edges, p_definition.scopes
        ),
        automation_private.check_joins(v_steps, v_targets, v_bodies.edges, p_definition.scopes),
        automation_private.check_mutexes(v_steps, v_merges, p_definition.scopes),
        automation_private.check_mutex_order(v_steps, p_definition.scopes),
        automation_private.check_reads(v_steps, v_targets, v_guesses, v_earlier, v_walk, v_loops),
        automation_private.check_output(p_definition, v_targets, v_loops)
    );
    return p_definition;
end;
$$;

comment on function automation_private.connect_steps(
    automation_private.compiled_definition, text
) is
    'The definition with its steps'' errors, the scopes they stand in and the errors of what '
    'connects them.';
