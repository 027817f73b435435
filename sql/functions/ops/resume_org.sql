create or replace function automation.resume_org(p_grace interval default '1 hour')
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('admin');
    v_now constant timestamptz := automation_private.clock();
begin
    if p_grace < interval '0' then
        raise exception using
            errcode = 'MA001',
            message = 'the grace is not negative',
            detail = format('got %s', p_grace),
            hint = 'null goes on with everything, 0 gives up all that is late';
    end if;
    update automation.org_pauses as p
    set
        resumed_at = greatest(v_now, p.paused_at),
        grace = p_grace,
        overdue = automation_private.count_overdue(v_org, v_now)
    where p.org_id = v_org and p.resumed_at is null;
    if not found then
        return false;
    end if;
    perform automation_private.record_audit(
        v_org, 'resume_org', 'organisation', v_org, jsonb_build_object('grace', p_grace)
    );
    return true;
end;
$$;

comment on function automation.resume_org(interval) is
    'Lets a paused organisation go on. What became due in the meantime follows little by little, '
    '20 a second and all within ten minutes; an instance with something that is late by more than '
    'p_grace is cancelled with the reason org_paused (null: none is). False when it was not '
    'paused. Needs admin.';
