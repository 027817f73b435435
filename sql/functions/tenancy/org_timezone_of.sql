create or replace function automation_private.org_timezone_of(p_org_id uuid)
returns text
language sql
stable
return coalesce(
    (select o.timezone from automation_private.org_settings as o where o.org_id = p_org_id), 'UTC'
);

comment on function automation_private.org_timezone_of(uuid) is
    'The organisation''s timezone.';
