create or replace function automation_private.check_reads(
    p_steps automation_private.compiled_step[],
    p_targets jsonb,
    p_guesses jsonb,
    p_edges automation_private.step_edge[],
    p_walk int[]
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_earlier constant bit varying[] := automation_private.find_earlier(
        cardinality(p_steps), p_edges, p_walk
    );
begin
    return (
        select jsonb_agg(
            case
                when r.id is null then automation_private.build_error(
                    r.pointer, 'no_enclosing_loop',
                    format('"%s" reads loop, but stands in no loop', r.step_key)
                )
                when not p_targets ? r.id then automation_private.build_error(
                    r.pointer, 'unknown_step',
                    format('there is no step "%s", which %s reads', left(r.id, 100), r.target),
                    'did you mean "' || (p_guesses ->> r.id) || '"?'
                )
                else automation_private.build_error(
                    r.pointer, 'step_cannot_have_run',
                    format('"%s", which "%s" reads, cannot have run before it', r.id, r.step_key),
                    'read the outputs of steps that lead here'
                )
            end order by r.step_order, r.place
        )
        from (
            select
                s.ordinality as step_order, s.step_key, l.ordinality as place, l.target, l.pointer,
                substring(l.target from '^(?:steps|status)\.(.*)$') as id
            from unnest(p_steps) with ordinality as s
            cross join unnest(s.links) with ordinality as l
            where l.role = 'reads' and l.target ~ '^((steps|status)\.|loop$)'
        ) as r
        where r.id is null
            or not p_targets ? r.id
            or r.target like 'steps.%'
            and r.step_order = any (p_walk)
            and get_bit(v_earlier[r.step_order], (p_targets ->> r.id)::int - 1) = 0
    );
end;
$$;

comment on function automation_private.check_reads(
    automation_private.compiled_step[], jsonb, jsonb, automation_private.step_edge[], int[]
) is
    'The errors of steps that read steps.<id> or status.<id> of no step, or an output that cannot '
    'be there yet.';
