create or replace function automation_private.raise_name_taken(p_kind text, p_name text)
returns void
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception using
        errcode = 'MA101',
        message = format('there is already a %s named "%s"', p_kind, left(p_name, 200)),
        hint = 'choose another name';
end;
$$;

comment on function automation_private.raise_name_taken(text, text) is
    'Raises MA101: another one of the organisation has the name.';
