create or replace function automation_cmis.find_members(p_role_code text, p_context jsonb)
returns uuid[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_members uuid[];
begin
    v_members := array(
        select distinct m.user_id
        from cmis.user_orgs as m
        inner join cmis.users as u on u.user_id = m.user_id and u.deleted_at is null
        inner join cmis.roles as r on r.role_id = m.role_id and r.is_active
        where m.org_id = (p_context ->> 'org_id')::uuid
            and m.is_active
            and m.deleted_at is null
            and r.role_code = p_role_code
        order by m.user_id
    );
    if cardinality(v_members) = 0 then
        raise exception using
            errcode = 'MA002',
            message = format('nobody in this organisation has the role "%s"', p_role_code),
            hint = 'name another role, or give somebody this one';
    end if;
    return v_members;
end;
$$;

comment on function automation_cmis.find_members(text, jsonb) is
    'The active members of the organisation with this role; raises MA002 when there is none.';
