create type automation_private.compiled_condition as (
    tree jsonb,
    path jsonpath,
    derived jsonb,
    reads text[],
    errors jsonb
);

comment on type automation_private.compiled_condition is
'A condition made ready: its canonical tree, its jsonpath predicate, the variables that predicate
needs (null: none), the parts of the document it reads, and, when it is invalid, all its errors.';
