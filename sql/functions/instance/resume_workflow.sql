create or replace function automation.resume_workflow(
    p_instance_id uuid,
    p_grace interval default null
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('run');
begin
    if p_grace < interval '0' then
        raise exception using
            errcode = 'MA001',
            message = 'the grace is not negative',
            detail = format('got %s', p_grace),
            hint = 'null does everything that is late, 0 nothing';
    end if;
    perform automation_private.require_instance(v_org, p_instance_id);
    perform automation_private.resume_instance(
        v_org, p_instance_id, least(p_grace, interval '1000 years')
    );
    perform automation_private.record_audit(
        v_org, 'resume_workflow', 'instance', p_instance_id, jsonb_build_object('grace', p_grace)
    );
end;
$$;

comment on function automation.resume_workflow(uuid, interval) is
    'Lets a paused instance go on. What became due meanwhile is done at once, in its order; delays '
    'and next attempts that are late by more than p_grace are skipped instead, and their tokens '
    'end. Time limits get back what they had left. MA105 when it is not paused.';
