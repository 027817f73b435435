create or replace function automation_private.list_execution_keys()
returns text[]
language sql
immutable
return array[
    'mode', 'mode_key', 'max_runs', 'cooldown', 'limits', 'max_executions_per_day', 'debounce',
    'batch'
];

comment on function automation_private.list_execution_keys() is
    'The keys of a rule that say how often and how many at once; stored as execution_settings.';
