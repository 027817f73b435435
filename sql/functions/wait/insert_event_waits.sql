create or replace function automation_private.insert_event_waits(
    p_visits automation_private.visit[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_mark bigint := automation_private.last_event();
begin
    -- offset 0: by primary key, whatever the statistics suggest
    insert into automation_private.event_waits (
        org_id, instance_id, step_id, place, event, root_id, mark, shape, key, needed, consumes,
        look_from
    )
    select
        v.org_id, v.instance_id, v.step_id, e.ordinality, n.name, v.root_id, m.mark,
        e.value ->> 'shape', k.key, coalesce(r.value -> 'count', e.value -> 'count')::int,
        (e.value -> 'consume')::boolean, m.mark
    from unnest(p_visits) as v
    cross join lateral (
        select x.options
        from automation.workflow_definition_steps as x
        where x.org_id = v.org_id
            and x.definition_id = v.definition_id
            and x.step_order = v.step_order
        offset 0
    ) as d
    cross join lateral (
        select case d.options ->> 'since' when 'run' then x.event_mark else v_mark end as mark
        from automation.workflow_instances as x
        where x.org_id = v.org_id and x.instance_id = v.instance_id
        offset 0
    ) as m
    cross join lateral jsonb_array_elements(d.options -> 'events') with ordinality as e
    cross join lateral (
        select v.value #> array['events', (e.ordinality - 1)::text] as value
    ) as r
    cross join lateral (
        select automation_private.hash_values(coalesce(
            jsonb_agg(coalesce(r.value -> 'match' -> w.name, 'null') order by w.ordinality), '[]'
        )) as key
        from jsonb_array_elements_text(e.value -> 'keys') with ordinality as w (name, ordinality)
    ) as k
    cross join lateral jsonb_array_elements_text(e.value -> 'names') as n (name)
    where v.value ? 'events';
end;
$$;

comment on function automation_private.insert_event_waits(automation_private.visit[]) is
    'The rows by which events find the activations that wait for them, each with the last event '
    'that does not count.';
