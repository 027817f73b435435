create or replace function automation_private.list_writes(
    p_visits automation_private.visit[]
)
returns table (
    ordinality bigint,
    org_id uuid,
    instance_id uuid,
    iteration_id uuid,
    is_local boolean,
    vars jsonb,
    outputs jsonb
)
language sql
stable
begin atomic
    select
        v.ordinality, v.org_id, v.instance_id, v.iteration_id,
        v.runs = 'set' and v.branch is not distinct from 'iteration', -- noqa: PRS
        case when v.runs = 'set' then v.value end,
        case
            when v.output_is_read
                then jsonb_build_object(v.step_key, automation_private.visit_output(v.visit))
        end
    from (
        select x.*, x as visit, row_number() over () as ordinality
        from unnest(p_visits) as x
    ) as v
    where v.error is null
        and (v.runs = 'set' or v.output_is_read and v.runs in ('condition', 'split'));
end;

comment on function automation_private.list_writes(automation_private.visit[]) is
    'What set steps write, and which outputs of steps that are done on entry are read: of the '
    'instance, or (is_local) seen only in the turn of a loop.';
