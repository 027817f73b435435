create or replace function automation_private.list_threshold_keys()
returns text[]
language sql
immutable
return '{
    field, metric,
    above, below, outside, inside, operator, op, threshold, value, clear_at, hysteresis,
    milestones, levels, spike, change,
    for, recovery_for, repeat_every, stale_after, first, on_no_data, min_samples, min_denominator
}'::text[];

comment on function automation_private.list_threshold_keys() is
    'The keys of a trigger that say which value it watches, and when that counts as crossed.';
