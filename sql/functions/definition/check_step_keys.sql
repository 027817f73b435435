create or replace function automation_private.check_step_keys(
    p_source jsonb,
    p_keys text[],
    p_pointer text
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return automation_private.check_known_keys(
        p_source,
        array['id', 'type', 'name', 'next', 'on_error', 'retry', 'timeout', 'save_as', 'ui']
        || array['mutex'] || p_keys,
        p_pointer
    );
end;
$$;

comment on function automation_private.check_step_keys(jsonb, text[], text) is
    'An error for every key of a step that is neither common to all steps nor its type''s own.';
