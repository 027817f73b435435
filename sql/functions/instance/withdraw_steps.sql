create or replace function automation_private.withdraw_steps(p_open automation.workflow_steps[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform automation_private.drop_pending(
        array(select s.org_id from unnest(p_open) as s where s.status = 'pending'),
        array(select s.step_id from unnest(p_open) as s where s.status = 'pending')
    );
    perform automation_private.delete_messages(array(
        select s.message_id from unnest(p_open) as s where s.message_id is not null
    ));
end;
$$;

comment on function automation_private.withdraw_steps(automation.workflow_steps[]) is
    'Takes the actions of open activations away from the queue and from those waiting to enter it.';
