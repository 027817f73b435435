create or replace function automation_private.gather_past(
    p_plan automation_private.backtest_plan,
    p_past automation_private.past,
    p_items int[],
    p_at timestamptz[],
    p_details jsonb[]
)
returns automation_private.past_firings
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_keys constant int := cardinality(p_past.group_counts);
    v_firings automation_private.past_firings;
begin
    v_firings.items := p_items;
    v_firings.firsts := p_items;
    v_firings.at := p_at;
    v_firings.since := p_at;
    v_firings.kept := '{}';
    v_firings.details := p_details;
    if not p_plan.gate ?| '{debounce,batch}' then
        return v_firings;
    end if;
    v_firings.details := '{}';
    with gathered as materialized (
        select p_items[g.first] as first, p_items[g.last] as last, g.at, g.since
        from automation_private.simulate_gathering(
            p_plan.gate, p_at,
            array(
                select p_past.groups[(i.item - 1) * v_keys + 1]
                from unnest(p_items) with ordinality as i (item, n)
                order by i.n
            ),
            p_plan.timezone, p_plan.until
        ) as s
        cross join lateral unnest(s.firsts, s.lasts, s.at, s.since)
            as g (first, last, at, since)
    )

    select
        array(select g.last from gathered as g where g.at is not null order by g.at, g.last),
        array(select g.first from gathered as g where g.at is not null order by g.at, g.last),
        array(select g.at from gathered as g where g.at is not null order by g.at, g.last),
        array(select g.since from gathered as g where g.at is not null order by g.at, g.last),
        array(select g.last from gathered as g where g.at is null order by g.last)
    into v_firings.items, v_firings.firsts, v_firings.at, v_firings.since, v_firings.kept;
    return v_firings;
end;
$$;

comment on function automation_private.gather_past(
    automation_private.backtest_plan, automation_private.past, int[], timestamptz[],
    jsonb[]
) is
    'What comes to the gate, and when, and what debounce or batch has not let go at the end.';
