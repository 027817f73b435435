create or replace function automation_private.admit_actions(
    p_actions automation_private.action_call[],
    p_credit automation_private.credit[]
)
returns boolean[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select array_agg(x.place <= x.allowed order by x.ordinality)
        from (
            select
                a.ordinality,
                row_number() over (partition by a.org_id order by a.ordinality) as place,
                w.allowed
            from unnest(p_actions) with ordinality as a
            inner join (
                select
                    g.org_id,
                    case
                        when g.wanted <= coalesce(c.amount, 0) then g.wanted
                        else coalesce(c.amount, 0) + automation_private.room_in_queue(g.org_id)
                    end as allowed
                from (
                    select y.org_id, count(*) as wanted
                    from unnest(p_actions) as y
                    group by y.org_id
                ) as g
                left join unnest(p_credit) as c on g.org_id = c.org_id
            ) as w on a.org_id = w.org_id
        ) as x
    );
end;
$$;

comment on function automation_private.admit_actions(
    automation_private.action_call[], automation_private.credit[]
) is
    'Which actions may go to the queue now: as many per organisation as this call freed places, '
    'plus what its in-flight cap leaves. Counting is skipped where no more goes than came.';
