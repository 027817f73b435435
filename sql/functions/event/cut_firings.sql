create or replace function automation_private.cut_firings(
    p_firings automation_private.firing[],
    p_starts int,
    p_calls int
)
returns automation_private.firing[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- another organisation is first each time
    v_seed bigint := (1000000000 * random())::bigint;
    v_cuts automation_private.firing[];
begin
    if cardinality(p_firings) < 2 then
        return '{}'::automation_private.firing[];
    end if;
    with definition as materialized (
        select d.org_id, d.definition_id, c.calls
        from (select distinct f.org_id, f.definition_id from unnest(p_firings) as f) as d
        cross join lateral (
            select count(*) as calls
            from automation.workflow_definition_steps as s
            where s.org_id = d.org_id and s.definition_id = d.definition_id
                and s.runs = 'native' and s.action <> 'recheck_rule'
        ) as c
    ),

    placed as (
        select
            f.org_id, f.batch_id, f.event_id, f.ordinality,
            case when f.suppressed is null and f.stage is null then d.calls else 0 end as calls,
            (f.suppressed is null and f.stage is null)::int as starts,
            row_number() over (partition by f.org_id order by f.ordinality) as place
        from unnest(p_firings) with ordinality as f
        inner join definition as d on f.org_id = d.org_id and f.definition_id = d.definition_id
    ),

    turned as (
        select
            p.*, row_number() over turns as turn, sum(p.starts) over turns as starts_so_far,
            sum(p.calls) over turns as calls_so_far
        from placed as p
        window turns as (order by p.place, uuid_hash_extended(p.org_id, v_seed), p.org_id)
    )

    select array_agg(p_firings[c.ordinality]) into v_cuts
    from (
        select distinct on (e.org_id) e.ordinality
        from (
            select
                t.org_id, t.ordinality, min(t.turn) over event as first_turn,
                max(t.starts_so_far) over event as starts, max(t.calls_so_far) over event as calls
            from turned as t
            window event as (partition by t.org_id, t.batch_id, t.event_id)
        ) as e
        where e.first_turn > 1 and (e.starts > p_starts or e.calls > p_calls)
        order by e.org_id, e.ordinality
    ) as c;
    return coalesce(v_cuts, '{}');
end;
$$;

comment on function automation_private.cut_firings(automation_private.firing[], int, int) is
    'The first firing of each organisation that is too much when all take turns: more instances, '
    'or more actions inside the database, than may be started at once. Events stay whole, so a '
    'single one may be more.';
