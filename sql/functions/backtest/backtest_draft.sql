create or replace function automation.backtest_draft(
    p_rule jsonb,
    p_window interval default '7 days',
    p_until timestamptz default null,
    p_examples int default 50,
    p_run_duration interval default null
)
returns jsonb
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    v_time record;
begin
    perform automation_private.require_permission('edit');
    select t.since, t.until into v_time
    from automation_private.check_backtest(p_window, p_until, p_examples, p_run_duration) as t;
    return automation_private.run_backtest(
        null, p_rule, v_time.since, v_time.until, p_examples, p_run_duration
    );
end;
$$;

comment on function automation.backtest_draft(jsonb, interval, timestamptz, int, interval) is
    'The same as backtest_rule for a rule that is not stored, as the document that create_rule '
    'takes. Needs edit.';
