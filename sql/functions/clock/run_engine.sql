create or replace procedure automation.run_engine(p_duration interval default '55 seconds')
language plpgsql
as $$
declare
    v_until timestamptz := clock_timestamp() + p_duration;
    v_pause float8 := 0.01::float8;
begin
    loop
        if automation.tick() then
            v_pause := 0.01;
        else
            v_pause := least(v_pause * 1.5, 0.25);
        end if;
        commit;
        exit when clock_timestamp() >= v_until;
        if v_pause > 0.01 then
            perform pg_sleep(v_pause);
            commit;
        end if;
    end loop;
end;
$$;

comment on procedure automation.run_engine(interval) is
    'Ticks for so long, with a commit per batch and pauses up to a quarter second when nothing '
    'is due. Call it outside of a transaction, from pg_cron or the worker.';
