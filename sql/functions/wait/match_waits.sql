create or replace function automation_private.match_waits(
    p_batches automation_private.event_batches[],
    p_cuts automation_private.firing[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_ids uuid[];
    v_event_ids bigint[];
begin
    if not exists (
        select from (select distinct b.org_id from unnest(p_batches) as b) as o
        where exists (
            select from automation_private.event_waits as w where w.org_id = o.org_id
        )
    ) then
        return;
    end if;
    select array_agg(e.org_id), array_agg(e.event_id) into v_org_ids, v_event_ids
    from automation_private.shown_events(p_batches, p_cuts) as e;
    begin
        perform automation_private.insert_matches(v_org_ids, v_event_ids);
        return;
    exception when others or assert_failure then
        if automation_private.must_reraise(sqlstate) then
            raise;
        end if;
    end;

    -- an event that raises must not hold its organisation up: again, each on its own
    for v_place in 1..cardinality(v_event_ids) loop
        begin
            perform automation_private.insert_matches(
                v_org_ids[v_place:v_place], v_event_ids[v_place:v_place]
            );
        exception when others or assert_failure then
            if automation_private.must_reraise(sqlstate) then
                raise;
            end if;
            raise warning 'event % of organisation % wakes nothing: % (%)',
                v_event_ids[v_place], v_org_ids[v_place], sqlerrm, sqlstate;
        end;
    end loop;
end;
$$;

comment on function automation_private.match_waits(
    automation_private.event_batches[], automation_private.firing[]
) is
    'Shows events that are dispatched to the activations that wait for them. The caller holds '
    'the feeds; no instance is touched or locked.';
