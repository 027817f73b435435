create or replace function automation_private.list_features(
    p_steps automation_private.compiled_step[]
)
returns text[]
language sql
immutable
begin atomic
    select coalesce(array_agg(distinct f.name order by f.name), '{}')
    from unnest(p_steps) as s
    cross join lateral (
        values
        ('mutex', s.mutex is not null or s.source -> 'blocking' = 'true'),
        ('from', s.runs = 'merge' and s.source ? 'from'),
        ('compensate', s.compensation is not null),
        (s.runs, s.runs in ('loop', 'wait', 'approval', 'workflow'))
    ) as f (name, is_used)
    where f.is_used;
end;

comment on function automation_private.list_features(automation_private.compiled_step[]) is
    'What of the engine steps use that leaves rows behind.';
