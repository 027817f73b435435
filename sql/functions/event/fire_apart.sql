create or replace function automation_private.fire_apart(
    p_firings automation_private.firing[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_firing automation_private.firing;
begin
    begin
        perform automation_private.fire_listeners(p_firings);
        return;
    exception when others or assert_failure then
        if automation_private.must_reraise(sqlstate) then
            raise;
        end if;
    end;

    -- one that raises must not hold its organisation up: again, each on its own
    foreach v_firing in array p_firings loop
        begin
            perform automation_private.fire_listeners(array[v_firing]);
        exception when others or assert_failure then
            if automation_private.must_reraise(sqlstate) then
                raise;
            end if;
            v_firing.suppressed := 'engine_error';
            v_firing.fails := true;
            v_firing.details := jsonb_build_object('sqlstate', sqlstate, 'message', sqlerrm);
            perform automation_private.record_suppressed(array[v_firing]);
        end;
    end loop;
end;
$$;

comment on function automation_private.fire_apart(automation_private.firing[]) is
    'Fires what listens; a batch that raises is done again one by one, and what raises alone is '
    'recorded.';
