create or replace function automation_private.list_threshold_options(p_kind text)
returns text[]
language sql
immutable
return case p_kind
    when 'level' then '{
        clear_at, hysteresis, for, recovery_for, repeat_every, stale_after, on_no_data, min_samples
    }'
    when 'change' then '{
        clear_at, for, recovery_for, repeat_every, stale_after, on_no_data, min_samples
    }'
    when 'spike' then '{for, recovery_for, repeat_every, stale_after, on_no_data}'
    when 'milestones' then '{levels, min_samples}'
end::text[] || '{field, metric, first, min_denominator}';

comment on function automation_private.list_threshold_options(text) is
    'The keys that mean something for one kind of threshold, beside those that make it that kind.';
