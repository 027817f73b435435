create or replace function automation_private.require_link(
    p_link automation_private.approval_links
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_link.used_at is not null then
        perform automation_private.refuse_link('used');
    elsif p_link.expires_at <= automation_private.clock() then
        perform automation_private.refuse_link('expired');
    end if;
end;
$$;

comment on function automation_private.require_link(automation_private.approval_links) is
    'Raises MA307 unless the link may still be used.';
