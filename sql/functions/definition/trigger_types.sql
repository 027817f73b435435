create or replace function automation_private.trigger_types()
returns jsonb
language sql
immutable
return '{
    "manual": "manual",
    "event": "event", "event_based": "event",
    "condition": "condition", "condition_based": "condition", "metric": "condition",
    "metric_threshold": "condition", "performance": "condition",
    "schedule": "schedule", "scheduled": "schedule", "time": "schedule",
    "time_based": "schedule", "cron": "schedule", "recurring": "schedule",
    "api": "api", "webhook": "api", "api_webhook": "api"
}'::jsonb;

comment on function automation_private.trigger_types() is
    'What triggers may be called, and what each is.';
