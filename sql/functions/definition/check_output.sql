create or replace function automation_private.check_output(
    p_definition automation_private.compiled_definition,
    p_targets jsonb,
    p_loops int[]
)
returns jsonb
language sql
immutable
begin atomic
    select jsonb_agg(
        case
            when r.id is null then automation_private.build_error(
                '/output', 'no_enclosing_loop',
                format('the output reads %s, but stands in no loop', r.name)
            )
            when not p_targets ? r.id then automation_private.build_error(
                '/output', 'unknown_step', format('there is no step for %s', left(r.name, 100))
            )
            else automation_private.describe_inner_read(
                p_definition.steps, p_loops, (p_targets ->> r.id)::int, 'the output', '/output'
            )
        end order by r.name
    )
    from (
        select o.name, substring(o.name from '^(?:steps|status)\.(.*)$') as id
        from unnest(p_definition.output_reads) as o (name)
    ) as r
    where r.name = 'loop'
        or r.name = any (p_definition.steps[1].roots)
        or r.id is not null and not p_targets ? r.id
        or r.name like 'steps.%' and p_loops[(p_targets ->> r.id)::int] > 0;
end;

comment on function automation_private.check_output(
    automation_private.compiled_definition, jsonb, int[]
) is
    'The errors of an output that reads a loop or a step of its body, or a step that there is not.';
