create type automation_private.backtest_plan as (
    org_id uuid,
    rule_id uuid,
    timezone text,
    since timestamptz,
    until timestamptz,
    first_event bigint,
    last_event bigint,
    heard text[],
    by_hand text,
    watched text[],
    entities text[],
    is_transition boolean,
    on_loop text,
    condition jsonpath,
    derived jsonb,
    form text,
    near jsonpath,
    leaves jsonpath[],
    wanted boolean[],
    sample jsonpath,
    denominator jsonpath,
    threshold jsonb,
    gate jsonb,
    uses_keys boolean,
    key_path text[],
    key_form text
);

comment on type automation_private.backtest_plan is
    'What a backtest asks of each recorded event: which events, the compiled condition, each of '
    'its comparisons with the result that helps it to be met, the threshold and the gate.';
comment on column automation_private.backtest_plan.watched is
    'Events that say how a row was later, whether or not the rule hears them; null when what waits '
    'is not asked again.';
comment on column automation_private.backtest_plan.form is
    'What the condition reads: "new" (the new row, which then is the whole document), "rows", the '
    '"event", or the event and which of its fields have changed ("changes").';
comment on column automation_private.backtest_plan.near is
    'Met when at most one comparison fails; null when there are too many to say it this way.';
comment on column automation_private.backtest_plan.key_path is
    'Where in the new row the gate''s key is, when it is a bare field.';
comment on column automation_private.backtest_plan.key_form is
    'How much of an event the keys read, when they have to be rendered.';
