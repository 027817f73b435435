create type automation_private.compiled_threshold as (
    field text,
    path jsonpath,
    denominator jsonpath,
    config jsonb,
    errors jsonb
);

comment on type automation_private.compiled_threshold is
    'A threshold made ready: the field it watches, where its value and its denominator are in an '
    'event''s document, what threshold_step is told, and, when it is invalid, all its errors.';
