create or replace function automation_private.fire_listeners(
    p_firings automation_private.firing[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_requests automation_private.start_request[];
    v_request automation_private.start_request;
begin
    if cardinality(p_firings) = 0 then
        return;
    end if;
    perform automation_private.record_suppressed(array(
        select f from unnest(p_firings) as f where f.suppressed is not null
    ));
    v_requests := automation_private.request_starts(array(
        select f from unnest(p_firings) as f where f.suppressed is null
    ));
    perform automation_private.record_refused(array(
        select r from unnest(v_requests) as r where r.error is not null
    ));
    v_requests := array(select r from unnest(v_requests) as r where r.error is null);
    begin
        perform automation_private.create_instances(v_requests, 'event');
        return;
    exception when others or assert_failure then
        if automation_private.must_reraise(sqlstate) then
            -- what the server refuses now is for the clock, which keeps it apart from the others
            perform automation_private.create_instances(v_requests, 'event', false);
            return;
        end if;
    end;

    -- one that cannot be started must not hold the others up: again, each on its own
    foreach v_request in array v_requests loop
        begin
            perform automation_private.create_instances(array[v_request], 'event');
        exception when others or assert_failure then
            if automation_private.must_reraise(sqlstate) then
                perform automation_private.create_instances(array[v_request], 'event', false);
            else
                v_request.error := automation_private.error_object(
                    'engine_error', 'error', sqlerrm
                ) || jsonb_build_object('sqlstate', sqlstate);
                perform automation_private.record_refused(array[v_request]);
            end if;
        end;
    end loop;
end;
$$;

comment on function automation_private.fire_listeners(automation_private.firing[]) is
    'Starts the rules and templates that fire and records those that are suppressed or cannot be '
    'started.';
