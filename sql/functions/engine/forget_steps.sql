create or replace function automation_private.forget_steps(
    p_org_ids uuid[],
    p_instance_ids uuid[],
    p_step_ids uuid[],
    p_runs text[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if 'wait' = any (p_runs) then
        perform automation_private.end_waits(p_org_ids, p_instance_ids, p_step_ids);
    end if;
    if 'approval' = any (p_runs) then
        perform automation_private.end_approvals(p_org_ids, p_instance_ids, p_step_ids);
    end if;
    if 'loop' = any (p_runs) then
        delete from automation_private.loop_states as l
        using unnest(p_org_ids, p_instance_ids, p_step_ids) as u (org_id, instance_id, step_id)
        where l.org_id = u.org_id and l.instance_id = u.instance_id and l.step_id = u.step_id;
        delete from automation_private.loop_items as l
        using unnest(p_org_ids, p_instance_ids, p_step_ids) as u (org_id, instance_id, step_id)
        where l.org_id = u.org_id and l.instance_id = u.instance_id and l.step_id = u.step_id;
    end if;
end;
$$;

comment on function automation_private.forget_steps(uuid[], uuid[], uuid[], text[]) is
    'Removes what waits, approvals and loops keep beside their activations.';
