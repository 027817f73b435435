create or replace function automation_private.defer_sets(
    p_visits automation_private.visit[],
    out p_now automation_private.visit[],
    out p_later automation_private.token[]
)
language sql
stable
begin atomic
    select
        array_agg(x.visit order by x.ordinality) filter (where x.turn = 1),
        coalesce(
            array_agg(
                (
                    (x.visit).org_id, (x.visit).instance_id, (x.visit).root_id,
                    (x.visit).step_order, (x.visit).scope_id, (x.visit).iteration
                )::automation_private.token
                order by x.ordinality
            ) filter (where x.turn > 1),
            '{}'
        )
    from (
        select
            v.ordinality,
            (
                v.org_id, v.instance_id, v.root_id, v.scope_id, v.iteration, v.step_id,
                v.step_order, v.step_key, v.step_type, v.runs, v.action, v.value, v.branch,
                v.next_order, v.branches, v.due_at, v.timeout, v.output_is_read, v.error
            )::automation_private.visit as visit,
            case
                when v.runs = 'set' then row_number() over (
                    partition by v.instance_id, v.runs
                    order by v.ordinality
                )
                else 1
            end as turn
        from unnest(p_visits) with ordinality as v
    ) as x;
end;

comment on function automation_private.defer_sets(automation_private.visit[]) is
    'Lets one set step per instance have its turn and sends the tokens of the others round again, '
    'so that each sees what the one before it wrote and no append is lost.';
