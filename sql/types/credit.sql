create type automation_private.credit as (
    org_id uuid,
    amount int
);

comment on type automation_private.credit is
    'Places in the queue that an organisation has freed in this call.';
