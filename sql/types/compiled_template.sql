create type automation_private.compiled_template as (
    value jsonb,
    bindings jsonb,
    reads text[],
    errors jsonb
);

comment on type automation_private.compiled_template is
    'A value with its templates compiled: the value as it is stored, where its expressions stand '
    'and what they are (null when there are none), what they read, and all errors (null when '
    'there are none).';
