create type automation_private.rendered as (
    value jsonb,
    error jsonb
);

comment on type automation_private.rendered is
    'What a template came to: its value, or the error {code, message, pointer} why it has none.';
