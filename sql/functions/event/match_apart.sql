create or replace function automation_private.match_apart(
    p_batches automation_private.event_batches[]
)
returns automation_private.firing[]
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_listener record;
    v_firings automation_private.firing[] := '{}'::automation_private.firing[];
begin
    begin
        return automation_private.match_events(p_batches);
    exception when others or assert_failure then
        if automation_private.must_reraise(sqlstate) then
            raise;
        end if;
    end;

    -- one bad condition must not hold its neighbours up: again, each listener on its own
    for v_listener in
        select distinct
            l.org_id, l.listener_id, case l.kind when 'rule' then 'rule' else 'template' end as kind
        from automation_private.listeners as l
        where l.org_id in (select b.org_id from unnest(p_batches) as b)
        order by l.org_id, l.listener_id
    loop
        begin
            v_firings := v_firings || automation_private.match_events(
                array(select b from unnest(p_batches) as b where b.org_id = v_listener.org_id),
                v_listener.listener_id
            );
        exception when others or assert_failure then
            if automation_private.must_reraise(sqlstate) then
                raise;
            end if;
            perform automation_private.stop_listener(
                v_listener.org_id, v_listener.listener_id, v_listener.kind, sqlstate, sqlerrm
            );
        end;
    end loop;
    return array(
        select f from unnest(v_firings) as f
        order by f.org_id, f.batch_id, f.event_id, f.priority desc, f.listener_id
    );
end;
$$;

comment on function automation_private.match_apart(automation_private.event_batches[]) is
    'Firings of a batch of events. When a condition raises, it is found and what it belongs to is '
    'stopped; everything else goes on.';
