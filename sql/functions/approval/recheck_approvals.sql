create or replace function automation_private.recheck_approvals(p_org_id uuid)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- timers, because here nobody may wait for the families of instances, and of their own for each
    -- transaction, because nobody may wait either for a clock that has claimed an equal one
    insert into automation_private.timers (
        org_id, instance_id, step_id, kind, root_id, due_at, attempt
    )
    select a.org_id, a.instance_id, a.step_id, 'remind', a.root_id, automation_private.clock(),
        -(pg_current_xact_id()::text::bigint % 2147483647)
    from automation.approvals as a
    where a.org_id = p_org_id and a.status = 'open'
    on conflict (org_id, instance_id, step_id, kind, attempt) do nothing;
end;
$$;

comment on function automation_private.recheck_approvals(uuid) is
    'Lets the clock count the votes of all open approvals of an organisation anew, whose members '
    'or roles have changed.';
