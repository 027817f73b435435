create or replace function automation_private.check_secrets(
    p_params jsonb,
    p_schema jsonb,
    p_pointer text
)
returns jsonb
language sql
immutable
begin atomic
    select jsonb_agg(automation_private.build_error(
        p_pointer || automation_private.format_pointer(f.at), 'secret_not_allowed',
        'a secret cannot be used here',
        'only in fields of a config that the action''s schema marks with x-secret'
    ))
    from automation_private.find_templates(p_params) as f
    where f.template ~ '^\{\{\s*secrets\.'
        and not (
            f.at[1] = 'config'
            and p_schema is not null
            and automation_private.is_secret_field(p_schema, f.at[2:])
        );
end;

comment on function automation_private.check_secrets(jsonb, jsonb, text) is
    'An error for every secret that is named outside of the fields that may hold one.';
