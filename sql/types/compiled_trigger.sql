create type automation_private.compiled_trigger as (
    type text,
    config jsonb,
    errors jsonb
);

comment on type automation_private.compiled_trigger is
    'A trigger in canonical form: its type, the rest of its keys, and all that is wrong with it.';
