create or replace function automation_private.permissions_of(p_org_id uuid, p_role_code text)
returns text[]
language sql
stable
return coalesce(
    (
        select r.permissions
        from automation.role_permissions as r
        where r.org_id = p_org_id and r.role_code = p_role_code
    ),
    automation_private.default_permissions(p_role_code)
);

comment on function automation_private.permissions_of(uuid, text) is
    'What a role code may do in an organisation: what the organisation says, else the default.';
