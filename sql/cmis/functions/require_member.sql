create or replace function automation_cmis.require_member(p_user_id uuid, p_context jsonb)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_user_id is null or not exists (
        select
        from cmis.user_orgs as m
        inner join cmis.users as u on u.user_id = m.user_id and u.deleted_at is null
        where m.org_id = (p_context ->> 'org_id')::uuid
            and m.user_id = p_user_id
            and m.is_active
            and m.deleted_at is null
    ) then
        raise exception using
            errcode = 'MA002',
            message = 'there is no such user in this organisation',
            detail = format('user %s', coalesce(p_user_id::text, 'none')),
            hint = 'name an active member, or start the workflow on behalf of one';
    end if;
end;
$$;

comment on function automation_cmis.require_member(uuid, jsonb) is
    'Raises MA002 unless the user is an active member of the organisation.';
