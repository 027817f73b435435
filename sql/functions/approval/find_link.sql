create or replace function automation_private.find_link(p_token text)
returns automation_private.approval_links
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_link automation_private.approval_links;
begin
    select l.* into v_link
    from automation_private.approval_links as l
    where l.token_hash = automation_private.hash_token(p_token);
    if v_link.step_id is null then
        raise exception using
            errcode = 'MA307',
            message = 'the link does not count, or no longer',
            detail = 'unknown',
            hint = 'ask for another one';
    end if;
    return v_link;
end;
$$;

comment on function automation_private.find_link(text) is
    'The link of a token, of whatever organisation; raises MA307 when there is none.';
