create or replace function automation.pause_org(p_reason text default null)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('admin');
    v_reason constant text := left(p_reason, 500);
begin
    -- two pauses in the same instant, when time stands still, are told apart
    insert into automation.org_pauses (org_id, paused_at, reason, paused_by)
    select
        v_org, greatest(automation_private.clock(), max(p.paused_at) + interval '1 microsecond'),
        v_reason, automation.current_user_id()
    from automation.org_pauses as p
    where p.org_id = v_org
    on conflict do nothing;
    if not found then
        return false;
    end if;
    perform automation_private.empty_queue(v_org);
    perform automation_private.record_audit(
        v_org, 'pause_org', 'organisation', v_org, jsonb_build_object('reason', v_reason)
    );
    return true;
end;
$$;

comment on function automation.pause_org(text) is
    'Stops the organisation: nothing new is started, sent to workers or run in the database, and '
    'no timer fires, until resume_org. Actions that workers hold may finish, and their results are '
    'kept; workflows can be cancelled. False when it is paused already. Needs admin.';
