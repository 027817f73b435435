create or replace function automation_private.find_subject(
    p_org_id uuid,
    p_listener_id uuid,
    p_key text
)
returns automation_private.firing_subjects
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_subject automation_private.firing_subjects;
begin
    select s.* into v_subject
    from automation_private.firing_subjects as s
    where s.org_id = p_org_id and s.listener_id = p_listener_id and s.key = p_key;
    if cardinality(v_subject.running) > 0 then
        v_subject.running := array(
            select i.instance_id
            from unnest(v_subject.running) as r (instance_id)
            cross join lateral (
                select x.instance_id, x.status
                from automation.workflow_instances as x
                where x.org_id = p_org_id and x.instance_id = r.instance_id
                offset 0
            ) as i
            where i.status in ('pending', 'running', 'paused')
        );
    end if;
    return v_subject;
end;
$$;

comment on function automation_private.find_subject(uuid, uuid, text) is
    'What is known of a thing that may fire, with those of its runs that have not ended; all null '
    'when nothing is.';
