create or replace function automation_private.tally_steps(p_org_id uuid, p_instance_id uuid)
returns jsonb
language sql
stable
begin atomic
    select coalesce(jsonb_object_agg(k.step_key, jsonb_build_object(
        'status', k.status, 'counts', k.counts, 'entered', k.entered, 'ways', k.ways,
        'is_undone', k.is_undone
    )), '{}')
    from (
        select
            s.step_key, sum(s.entered) as entered, bool_or(s.is_undone) as is_undone,
            jsonb_object_agg(s.status, s.entered) filter (where s.entered > 0) as counts,
            -- what is open says most, then what ended last
            (array_agg(
                s.status
                order by s.status = 'running' desc, s.status = 'waiting' desc, s.last desc
            ) filter (where s.entered > 0))[1] as status,
            jsonb_object_agg(s.status, s.branches) filter (where s.entered > 0) as ways
        from (
            select
                regexp_replace(x.step_key, '\.undo$', '') as step_key,
                case x.status when 'pending' then 'running' else x.status end as status,
                count(*) filter (where x.step_type <> 'compensation') as entered,
                array_agg(distinct x.branch_taken)
                    filter (where x.branch_taken is not null) as branches,
                bool_or(x.step_type = 'compensation' and x.status = 'completed') as is_undone,
                max(x.step_id::text) as last
            from automation.workflow_steps as x
            where x.org_id = p_org_id
                and x.instance_id = p_instance_id
                and x.step_type <> 'iteration'
            group by 1, 2
        ) as s
        group by s.step_key -- noqa: AM06
    ) as k;
end;

comment on function automation_private.tally_steps(uuid, uuid) is
    'How an instance has come through each of its steps, by their ids: the present state, how many '
    'activations there are in each state and with which branches.';
