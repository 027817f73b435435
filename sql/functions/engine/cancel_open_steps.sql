create or replace function automation_private.cancel_open_steps(
    p_ends automation_private.ending[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_open automation.workflow_steps[];
begin
    v_open := array(
        select o.step
        from unnest(p_ends) as e
        cross join lateral (
            select x as step
            from automation.workflow_steps as x
            where x.org_id = e.org_id
                and x.instance_id = e.instance_id
                and x.status in ('pending', 'running', 'waiting')
            offset 0
        ) as o
    );
    if cardinality(v_open) > 0 then
        perform automation_private.cancel_steps(v_open);
    end if;
end;
$$;

comment on function automation_private.cancel_open_steps(automation_private.ending[]) is
    'Cancels what still stands open in instances that end, and takes their messages from the '
    'queue.';
