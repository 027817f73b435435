create or replace function automation_private.start_apart(
    p_requests automation_private.start_request[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_request automation_private.start_request;
begin
    begin
        perform automation_private.create_instances(p_requests, null);
        return;
    exception when others or assert_failure then
        if automation_private.must_reraise(sqlstate) then
            -- what the server refuses now is for the clock, which keeps it apart from the others
            perform automation_private.create_instances(p_requests, null, false);
            return;
        end if;
    end;

    -- one that cannot be started must not hold the others up: again, each on its own
    foreach v_request in array p_requests loop
        begin
            perform automation_private.create_instances(array[v_request], null);
        exception when others or assert_failure then
            if automation_private.must_reraise(sqlstate) then
                perform automation_private.create_instances(array[v_request], null, false);
            else
                v_request.error := automation_private.error_object(
                    'engine_error', 'error', sqlerrm
                ) || jsonb_build_object('sqlstate', sqlstate);
                perform automation_private.record_refused(array[v_request]);
                perform automation_private.give_back(v_request);
            end if;
        end;
    end loop;
end;
$$;

comment on function automation_private.start_apart(automation_private.start_request[]) is
    'Starts what events have fired; what cannot be started is recorded and holds nothing else up.';
