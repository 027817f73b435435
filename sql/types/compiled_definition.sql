create type automation_private.compiled_definition as (
    input_schema jsonb,
    settings jsonb,
    output jsonb,
    output_bindings jsonb,
    output_reads text[],
    steps automation_private.compiled_step[],
    scopes int[],
    errors jsonb
);

comment on type automation_private.compiled_definition is
    'A compiled definition: steps in their order (the start step first), for each the split in '
    'whose scope it stands (of a merge: which it closes; 0 none), and all errors.';
