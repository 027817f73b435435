create or replace function automation_private.defer_sets(
    p_visits automation_private.visit[],
    out p_now automation_private.visit[],
    out p_later automation_private.token[]
)
language sql
stable
begin atomic
    select
        array_agg(p_visits[x.ordinality] order by x.ordinality) filter (where x.turn = 1),
        coalesce(
            array_agg(
                automation_private.visit_token(p_visits[x.ordinality]) order by x.ordinality
            ) filter (where x.turn > 1),
            '{}'
        )
    from (
        select
            v.ordinality,
            case
                when v.runs = 'set' then row_number() over (
                    partition by
                        v.instance_id, v.runs,
                        case v.branch when 'iteration' then v.iteration_id end
                    order by v.ordinality
                )
                else 1
            end as turn
        from unnest(p_visits) with ordinality as v
    ) as x;
end;

comment on function automation_private.defer_sets(automation_private.visit[]) is
    'Lets one set step per instance (or turn of a loop whose own variables it sets) have its turn '
    'and sends the tokens of the others round again, so that each sees what the one before it '
    'wrote and no append is lost.';
