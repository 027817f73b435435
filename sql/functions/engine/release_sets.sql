create or replace function automation_private.release_sets(
    p_held automation_private.token[],
    out p_now automation_private.token[],
    out p_rest automation_private.token[]
)
language sql
immutable
begin atomic
    select
        coalesce(array_agg(x.token order by x.place) filter (where x.turn = 1), '{}'),
        coalesce(array_agg(x.token order by x.place) filter (where x.turn > 1), '{}')
    from (
        select
            h.token, h.place,
            row_number() over (
                partition by (h.token).org_id, (h.token).instance_id
                order by h.place
            ) as turn
        from (select t as token, row_number() over () as place from unnest(p_held) as t) as h
    ) as x;
end;

comment on function automation_private.release_sets(automation_private.token[]) is
    'The first of the tokens that defer_sets holds back of each instance, and the rest.';
