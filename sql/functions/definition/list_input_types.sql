create or replace function automation_private.list_input_types()
returns text[]
language sql
immutable
return array[
    'text', 'number', 'integer', 'boolean', 'timestamp', 'date', 'object', 'array', 'any'
];

comment on function automation_private.list_input_types() is
    'The types that an input may be declared with.';
