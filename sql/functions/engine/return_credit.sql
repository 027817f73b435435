create or replace function automation_private.return_credit(
    p_credit automation_private.credit[]
)
returns void
language sql
volatile
begin atomic
    insert into automation_private.in_flight_changes (org_id, change)
    select c.org_id, -c.amount from unnest(p_credit) as c;
end;

comment on function automation_private.return_credit(automation_private.credit[]) is
    'Gives places in the queue back that a call has freed and not used.';
