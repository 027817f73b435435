create or replace function automation_private.step_statuses(
    p_org_id uuid,
    p_instance_id uuid,
    p_iteration_id uuid,
    p_reads text[]
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_chain uuid[] := automation_private.list_iterations(
        p_org_id, p_instance_id, p_iteration_id
    );
begin
    return (
        select jsonb_object_agg(latest.step_key, latest.status)
        from (
            select distinct on (s.step_key) s.step_key, s.status
            from automation.workflow_steps as s
            where s.org_id = p_org_id
                and s.instance_id = p_instance_id
                and 'status.' || s.step_key = any (p_reads)
                and s.step_type <> 'iteration'
                and (s.iteration_id is null or s.iteration_id = any (v_chain))
            order by
                s.step_key asc, array_position(v_chain, s.iteration_id) asc nulls last,
                s.step_id desc
        ) as latest
    );
end;
$$;

comment on function automation_private.step_statuses(uuid, uuid, uuid, text[]) is
    'The state of the latest activation of each step whose status is read: in the same turn of '
    'a loop first, then outwards.';
