create table automation_private.limit_starts (
    org_id uuid not null,
    limit_key text not null,
    until timestamptz not null,
    starts int not null,
    primary key (org_id, limit_key, until)
);

comment on table automation_private.limit_starts is
    'How many limited actions were started before an instant, in hundredths of the limit''s '
    'period.';
