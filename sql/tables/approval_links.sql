create table automation_private.approval_links (
    org_id uuid not null,
    token_hash bytea not null,
    step_id uuid not null,
    user_id uuid not null,
    content_hash text not null,
    created_by uuid,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    primary key (org_id, token_hash),
    foreign key (org_id, step_id) references automation.approvals
);

-- not unique, or it would span organisations; tokens are random and made here
create index approval_link_by_token on automation_private.approval_links (token_hash);

comment on table automation_private.approval_links is
    'Single-use links with which a person votes without logging in.';
comment on column automation_private.approval_links.token_hash is
    'SHA-256 of the token, which nobody keeps but its receiver.';
comment on column automation_private.approval_links.content_hash is
    'What the approval was about when the link was made.';
