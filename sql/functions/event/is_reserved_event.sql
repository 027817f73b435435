create or replace function automation_private.is_reserved_event(p_event text)
returns boolean
language sql
immutable
return p_event ~ '^(webhook|manual|rule|schedule|approval)\.';

comment on function automation_private.is_reserved_event(text) is
    'Whether an event name is the engine''s: what webhooks received, what somebody ran by hand, '
    'what happened to a rule or an approval, what a schedule starts. Nobody else brings such an '
    'event.';
