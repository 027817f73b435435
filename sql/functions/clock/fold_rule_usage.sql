create or replace function automation_private.fold_rule_usage()
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- the feed before the rule, as everywhere; who is dispatched to now is folded the next time
    v_orgs uuid[] := array(
        select f.org_id
        from automation_private.event_feeds as f
        where f.org_id in (
            select x.org_id from automation_private.usage_changes as x where x.rule_id is not null
        )
        for update skip locked
    );
    v_ended jsonb;
begin
    with free as materialized (
        select r.org_id, r.rule_id
        from automation.automation_rules as r
        where (r.org_id, r.rule_id) in (
            select x.org_id, x.rule_id
            from automation_private.usage_changes as x
            where x.org_id = any (v_orgs)
        )
        for no key update skip locked
    ),

    folded as (
        delete from automation_private.usage_changes as c
        using free as f
        where c.org_id = f.org_id and c.rule_id = f.rule_id
        returning c.org_id, c.rule_id, c.ended, c.succeeded, c.failed, c.used_at
    ),

    rolled_up as (
        update automation.automation_rules as r
        set
            total_executions = r.total_executions + f.ended,
            successful_executions = r.successful_executions + f.succeeded,
            failed_executions = r.failed_executions + f.failed,
            last_executed_at = greatest(r.last_executed_at, f.used_at),
            last_success_at = greatest(r.last_success_at, f.succeeded_at)
        from (
            select
                x.org_id, x.rule_id, sum(x.ended) as ended, sum(x.succeeded) as succeeded,
                sum(x.failed) as failed,
                max(x.used_at) filter (where x.ended > 0) as used_at,
                max(x.used_at) filter (where x.succeeded > 0) as succeeded_at
            from folded as x
            group by x.org_id, x.rule_id
        ) as f
        where r.org_id = f.org_id and r.rule_id = f.rule_id
    )

    select jsonb_agg(to_jsonb(f)) into v_ended
    from folded as f
    where f.ended > 0;
    if v_ended is not null then
        perform automation_private.trip_circuits(v_ended);
    end if;
    perform automation_private.judge_trial(h, automation_private.clock())
    from automation_private.rule_health as h
    where h.org_id = any (v_orgs) and h.state = 'half_open';
end;
$$;

comment on function automation_private.fold_rule_usage() is
    'Rolls ended runs up into those of their rules that nobody is editing, and pauses rules that '
    'fail too often.';
