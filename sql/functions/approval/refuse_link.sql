create or replace function automation_private.refuse_link(p_reason text)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception using
        errcode = 'MA307',
        message = 'the link does not count, or no longer',
        detail = p_reason,
        hint = 'ask for another one';
end;
$$;

comment on function automation_private.refuse_link(text) is
    'Raises MA307: a link is unknown, used or expired.';
