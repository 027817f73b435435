create or replace function automation_private.default_permissions(p_role_code text)
returns text[]
language sql
immutable
return case
    when p_role_code in ('owner', 'admin')
        then array['view', 'edit', 'publish', 'run', 'approve', 'admin']
    when p_role_code = 'marketing_manager'
        then array['view', 'edit', 'publish', 'run', 'approve']
    when p_role_code = 'social_manager' then array['view', 'edit', 'run', 'approve']
    when p_role_code = 'content_creator' then array['view', 'edit', 'run']
    when p_role_code in ('analyst', 'viewer') then array['view']
    else '{}'
end;

comment on function automation_private.default_permissions(text) is
    'What each of the platform''s role codes may do, unless an organisation says otherwise.';
