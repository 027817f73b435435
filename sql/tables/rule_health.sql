create table automation_private.rule_health (
    org_id uuid not null,
    rule_id uuid not null,
    state text not null default 'closed',
    failures_in_row int not null default 0,
    wait interval,
    retry_at timestamptz,
    trial_id uuid,
    primary key (org_id, rule_id),
    constraint state_is_known check (state in ('closed', 'open', 'half_open'))
) with (fillfactor = 80);

comment on table automation_private.rule_health is
    'The circuit breaker of each rule that has failed: closed lets runs through, open none until '
    'retry_at, half_open waits for the outcome of one trial.';
