create table automation.role_permissions (
    org_id uuid not null,
    role_code text not null,
    permissions text[] not null,
    primary key (org_id, role_code),
    constraint permissions_are_known check (
        permissions <@ array['view', 'edit', 'publish', 'run', 'approve', 'admin']
    )
);

comment on table automation.role_permissions is
    'What a role may do in this organisation, where that differs from the defaults.';
