create or replace function automation_private.bound_past(
    p_plan automation_private.backtest_plan
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_plan.last_event - p_plan.first_event > 1000000 and exists (
        select
        from automation_private.past_events(
            p_plan.org_id, p_plan.first_event, p_plan.last_event, p_plan.since, p_plan.until,
            p_plan.heard, p_plan.by_hand, p_plan.entities, p_plan.watched
        )
        offset 1000000
    ) then
        raise exception using
            errcode = 'MA003',
            message = 'there are more than 1,000,000 events in that time',
            hint = 'take a shorter window';
    end if;
end;
$$;

comment on function automation_private.bound_past(automation_private.backtest_plan) is
    'Raises MA003 when a backtest would have to look at too many events.';
