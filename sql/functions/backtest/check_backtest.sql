create or replace function automation_private.check_backtest(
    p_window interval,
    p_until timestamptz,
    p_examples int,
    p_run_duration interval,
    out since timestamptz,
    out until timestamptz
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := automation_private.clock();
    v_problem text := case
        when p_window between interval '1 second' and interval '366 days' then null
        else 'the window is a duration from one second to 366 days'
    end;
begin
    until := coalesce(p_until, v_now);
    if v_problem is null and until between '2000-01-01 00:00:00+00' and v_now then
        since := automation_private.add_duration(
            until, -p_window, automation.org_timezone()
        );
    end if;
    v_problem := coalesce(v_problem, case
        when since is null then 'a backtest ends in the past'
        when since >= until then 'the window has no length'
        when p_examples is null or p_examples not between 0 and 500
            then 'a report has 0 to 500 examples'
        when p_run_duration not between interval '0' and interval '366 days'
            then 'a run takes at most 366 days'
    end);
    if v_problem is not null then
        raise exception using
            errcode = 'MA001',
            message = v_problem,
            hint = 'automation.backtest_rule(''…'', ''7 days'', ''{"cooldown": "PT1H"}'')';
    end if;
end;
$$;

comment on function automation_private.check_backtest(interval, timestamptz, int, interval) is
    'The time that a backtest looks at; raises MA001 when the arguments make no sense.';
