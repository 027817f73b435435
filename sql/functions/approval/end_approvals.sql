create or replace function automation_private.end_approvals(
    p_org_ids uuid[],
    p_instance_ids uuid[],
    p_step_ids uuid[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ended automation.approvals[];
begin
    with ended as (
        update automation.approvals as a
        set status = 'cancelled', decided_at = automation_private.clock(), awaited = '{}'
        from unnest(p_org_ids, p_instance_ids, p_step_ids) as u (org_id, instance_id, step_id)
        where a.org_id = u.org_id
            and a.step_id = u.step_id
            and a.instance_id = u.instance_id
            and a.status = 'open'
        returning a
    )

    select array_agg(e.a) into v_ended from ended as e;
    if v_ended is not null then
        perform automation_private.announce_approvals(v_ended, 'approval.decided', null);
    end if;
end;
$$;

comment on function automation_private.end_approvals(uuid[], uuid[], uuid[]) is
    'Closes what is still open of these steps as cancelled; votes and links count no more.';
