select pgmq.create('automation_actions');

alter table pgmq.q_automation_actions set (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_cost_delay = 0
);

alter table pgmq.q_automation_actions enable row level security, force row level security;
