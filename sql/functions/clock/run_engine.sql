create or replace procedure automation.run_engine(p_duration interval default '55 seconds')
language plpgsql
as $$
declare
    v_until timestamptz := clock_timestamp() + p_duration;
    v_pause float8 := 0.01::float8;
    v_timers int := 100;
    v_more boolean;
begin
    loop
        -- a batch that raises is taken apart: one timer, then two, four, …; what raises alone waits
        begin
            v_more := automation.tick(v_timers);
            v_timers := least(v_timers * 2, 100);
        exception when others or assert_failure then
            raise warning 'a tick of % timers failed: % (%)', v_timers, sqlerrm, sqlstate;
            -- what is about locks, resources or the server passes soon
            v_more := v_timers > 1 or automation.set_timer_back(
                case when sqlstate ~ '^(40|53|55P03|57|58)' then '1 second' else '1 minute' end
                ::interval
            );
            v_timers := 1;
        end;
        commit;
        v_pause := case when v_more then 0.01 else least(v_pause * 1.5, 0.25) end;
        exit when clock_timestamp() >= v_until;
        if not v_more then
            perform pg_sleep(v_pause);
            commit;
        end if;
    end loop;
end;
$$;

comment on procedure automation.run_engine(interval) is
    'Ticks for so long, with a commit per batch and pauses up to a quarter second when nothing is '
    'due. Call it outside of a transaction, from pg_cron or the worker.';
