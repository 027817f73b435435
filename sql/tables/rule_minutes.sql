create table automation_private.rule_minutes (
    org_id uuid not null,
    rule_id uuid not null,
    minute timestamptz not null,
    ended int not null,
    failed int not null,
    primary key (org_id, rule_id, minute)
) with (fillfactor = 80);

comment on table automation_private.rule_minutes is
    'Runs of each rule that ended in each minute of the last hour, for its circuit breaker.';
