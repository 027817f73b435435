create or replace function automation_private.list_assumptions(
    p_plan automation_private.backtest_plan,
    p_compiled automation_private.compiled_rule,
    p_runs jsonb
)
returns text[]
language sql
immutable
return array_remove(array[
    'Only events that something listened to when they happened were recorded.',
    'An event counts from when it was recorded, and the rule sees it at once.',
    'Before the time that is looked at the rule had not fired, nothing waited, and no limit was '
    'used.',
    case p_runs ->> 'source'
        when 'given' then format('Each run takes %s seconds, as was said.', p_runs ->> 'seconds')
        when 'median' then format(
            'Each run takes %s seconds, the median of its last %s runs.', p_runs ->> 'seconds',
            p_runs ->> 'runs'
        )
        else 'Runs take no time: nothing is known of how long they take.'
    end,
    'The circuit breaker is closed and the organisation is not paused.',
    'Condition sets, actions and the organisation''s timezone are as they are now.',
    'Settings are rendered for the examples only, without what earlier actions return.',
    case
        when (p_plan).heard = '{}'
            then 'No events start this rule: only when somebody ran it by hand it would fire.'
    end,
    case
        when (p_plan).threshold is not null
            then 'The first value of each thing in this time is the first one ever.'
    end,
    case
        when (p_plan).gate @? '$.limits[*] ? (@.scope == "org")'
            then 'Limits of the organisation count this rule only.'
    end,
    case
        when (p_plan).gate @? '$.limits[*] ? (@.count_on == "success")'
            then 'Every run succeeds: no limit gets a place back.'
    end,
    case
        when (p_plan).watched is not null
            then 'Whether what waits still meets the condition is what the recorded events of its '
            'row say.'
        when ((p_compiled).condition).path is not null
            and not (p_plan).gate ?| '{skips_recheck,batch}'
            and (
                (p_plan).gate ? 'debounce' or (p_plan).gate ->> 'mode' = 'queued'
                or (p_plan).gate @? '$.limits[*] ? (@.on_hit == "defer")'
            )
            then 'What waits still meets the condition when its time comes.'
    end,
    case
        when (p_compiled).definition @? '$.steps[*] ? (@.action == "recheck_rule")'
            then 'Behind a delay the condition still holds, and the run goes on.'
    end,
    case
        when ((p_compiled).condition).path is not null and cardinality((p_plan).leaves) = 0
            then 'Near misses were not looked for: the condition has more than 50 comparisons.'
    end
], null);

comment on function automation_private.list_assumptions(
    automation_private.backtest_plan, automation_private.compiled_rule, jsonb
) is
    'What a backtest takes for granted, in words.';
