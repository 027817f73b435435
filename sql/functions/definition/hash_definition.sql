create or replace function automation_private.hash_definition(p_definition jsonb)
returns text
language sql
stable
return encode(
    sha256(convert_to(
        jsonb_build_object(
            'source', p_definition,
            'compiler', automation_private.compiler_version(),
            'actions', (
                select jsonb_agg(
                    jsonb_build_array(a.action, a.runs, a.config_schema, a.retry) order by a.action
                )
                from automation_private.actions as a
                where a.action = any(array(
                    select s.value ->> 'action'
                    from jsonb_array_elements(p_definition -> 'steps') as s
                ))
            )
        )::text, 'UTF8'
    )), 'hex'
);

comment on function automation_private.hash_definition(jsonb) is
    'The address of a definition''s compiled form: sha256 of all that it is made from, the '
    'source, the compiler''s version and what its actions are registered as.';
