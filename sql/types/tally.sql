create type automation_private.tally as (
    org_id uuid,
    instance_id uuid,
    root_id uuid,
    entered int
);

comment on type automation_private.tally is
    'How many steps of an instance were done in a round.';
