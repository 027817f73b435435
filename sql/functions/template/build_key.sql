create or replace function automation_private.build_key(p_template text)
returns jsonb
language sql
immutable
return (
    select jsonb_build_object('value', (t.compiled).value, 'bindings', (t.compiled).bindings)
    from (
        select automation_private.compile_template(to_jsonb(p_template)) as compiled
    ) as t
    where p_template is not null
);

comment on function automation_private.build_key(text) is
    'A key that is a template, compiled.';
