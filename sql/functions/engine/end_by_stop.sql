create or replace function automation_private.end_by_stop(p_visits automation_private.visit[])
returns void
language sql
volatile
return automation_private.finish_instances(array(
    select distinct on (v.org_id, v.instance_id) (
        v.org_id, v.instance_id, v.root_id,
        coalesce(v.value ->> 'status', 'completed'),
        coalesce(v.value ->> 'reason', v.value ->> 'code'),
        case
            when v.value ->> 'status' = 'failed' then automation_private.error_object(
                coalesce(v.value ->> 'code', 'stopped'), 'refused', v.value ->> 'reason'
            ) || jsonb_build_object('step', v.step_key)
        end,
        false
    )::automation_private.ending
    from unnest(p_visits) as v
    where v.runs = 'stop'
    order by v.org_id, v.instance_id, v.step_id
));

comment on function automation_private.end_by_stop(automation_private.visit[]) is
    'Ends the instances whose tokens reached a stop step; the first one decides.';
