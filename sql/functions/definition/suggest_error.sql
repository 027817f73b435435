create or replace function automation_private.suggest_error(
    p_pointer text,
    p_code text,
    p_message text,
    p_word text,
    p_known text[]
)
returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return automation_private.build_error(p_pointer, p_code, p_message)
        || jsonb_build_object('word', left(p_word, 100), 'known', p_known);
end;
$$;

comment on function automation_private.suggest_error(text, text, text, text, text[]) is
    'An error about a word that is not among the known ones; finish_errors turns them into its '
    'hint.';
