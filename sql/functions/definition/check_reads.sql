create or replace function automation_private.check_reads(
    p_steps automation_private.compiled_step[],
    p_targets jsonb,
    p_guesses jsonb,
    p_earlier bit varying[],
    p_walk int[],
    p_loops int[]
)
returns jsonb
language sql
immutable
begin atomic
    with read as materialized (
        select
            s.ordinality::int as reader, s.step_key, l.ordinality as place, l.role, l.target,
            l.pointer, i.id, (p_targets ->> i.id)::int as step,
            s.ordinality = any (p_walk) as is_reached
        from unnest(p_steps) with ordinality as s
        cross join unnest(s.links) with ordinality as l
        cross join lateral substring(l.target from '^(?:steps|status)\.(.*)$') as i (id)
        where l.role like 'reads%'
            and (l.target ~ '^((steps|status)\.|loop$)' or l.target = any (s.roots))
    ),

    -- what is rendered at the end of a turn stands in the loop itself
    placed as materialized (
        select
            r.*,
            automation_private.enclosing_loops(
                p_loops, case r.role when 'reads_turn' then r.reader else p_loops[r.reader] end
            ) as loops
        from read as r
        where r.is_reached or r.step is null
    )

    select jsonb_agg(f.error order by f.reader, f.place)
    from (
        select
            r.reader, r.place,
            case
                when r.id is null and r.is_reached and not automation_private.sees_loop(
                    p_steps, r.loops, r.role, r.target
                ) then automation_private.build_error(
                    r.pointer, 'no_enclosing_loop',
                    case r.role
                        when 'reads_place' then format('"%s" stands in no loop', r.step_key)
                        else format(
                            '"%s" reads %s, but stands in no loop of that', r.step_key, r.target
                        )
                    end
                )
                when r.id is not null and r.step is null then automation_private.build_error(
                    r.pointer, 'unknown_step',
                    format('there is no step "%s", which %s reads', left(r.id, 100), r.target),
                    'did you mean "' || (p_guesses ->> r.id) || '"?'
                )
                when r.target not like 'steps.%' or not r.is_reached then null
                when p_loops[r.step] > 0 and p_loops[r.step] <> all (r.loops)
                    then automation_private.describe_inner_read(
                        p_steps, p_loops, r.step, format('"%s"', r.step_key), r.pointer
                    )
                when get_bit(p_earlier[r.reader], r.step - 1) = 0
                    and not (r.role = 'reads_undo' and r.step = r.reader)
                    and not (r.role = 'reads_turn' and r.reader = any (
                        automation_private.enclosing_loops(p_loops, p_loops[r.step])
                    ))
                    then automation_private.build_error(
                        r.pointer, 'step_cannot_have_run',
                        format(
                            '"%s", which "%s" reads, cannot have run before it', r.id, r.step_key
                        ),
                        'read the outputs of steps that lead here'
                    )
            end as error
        from placed as r
    ) as f
    where f.error is not null;
end;

comment on function automation_private.check_reads(
    automation_private.compiled_step[], jsonb, jsonb, bit varying[], int[], int[]
) is
    'The errors of steps that read steps.<id> or status.<id> of no step, an output that cannot be '
    'there yet or is out of sight, or a loop that they do not stand in.';
