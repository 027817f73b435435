create or replace function automation_private.compiler_version()
returns int
language sql
immutable
return 2;

comment on function automation_private.compiler_version() is
    'The version of what compile_definition makes of a source; part of every content hash.';
