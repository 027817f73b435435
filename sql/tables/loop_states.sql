create table automation_private.loop_states (
    org_id uuid not null,
    instance_id uuid not null,
    step_id uuid not null,
    attempt int not null,
    items int,
    started int not null default 0,
    completed int not null default 0,
    failed int not null default 0,
    has_gone_on boolean not null default false,
    failure jsonb,
    primary key (org_id, instance_id, step_id)
) with (fillfactor = 50);

comment on table automation_private.loop_states is
    'How far loops are: turns started and ended, of how many items (null: as long as a condition '
    'says).';
comment on column automation_private.loop_states.has_gone_on is
    'Whether its token has gone on already, while the turns left over run out unseen.';
comment on column automation_private.loop_states.failure is
    'The error of the turn that failed last.';
