create type automation_private.compiled_rule as (
    rule jsonb,
    condition automation_private.compiled_condition,
    definition jsonb,
    errors jsonb,
    expanded jsonb
);

comment on type automation_private.compiled_rule is
    'A rule made ready: its canonical form, the condition on which it fires, its actions as a '
    'definition, all that is wrong with it, and its canonical form with condition sets in the '
    'place of references.';
