create or replace function automation_private.take_turns(
    p_deferred automation_private.token[],
    out p_now automation_private.token[],
    out p_later automation_private.token[]
)
language sql
immutable
begin atomic
    select
        coalesce(array_agg(p_deferred[x.ordinality] order by x.ordinality)
            filter (where x.turn = 1), '{}'),
        coalesce(array_agg(p_deferred[x.ordinality] order by x.ordinality)
            filter (where x.turn > 1), '{}')
    from (
        select
            t.ordinality,
            row_number() over (partition by t.instance_id order by t.ordinality) as turn
        from unnest(p_deferred) with ordinality as t
    ) as x;
end;

comment on function automation_private.take_turns(automation_private.token[]) is
    'The first of the tokens that wait for their turn in each instance, and the others.';
