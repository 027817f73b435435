create or replace function automation_private.require_link(
    p_link automation_private.approval_links
)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_link.used_at is not null or p_link.expires_at <= automation_private.clock() then
        raise exception using
            errcode = 'MA307',
            message = 'the link does not count, or no longer',
            detail = case when p_link.used_at is null then 'expired' else 'used' end,
            hint = 'ask for another one';
    end if;
end;
$$;

comment on function automation_private.require_link(automation_private.approval_links) is
    'Raises MA307 unless the link may still be used.';
