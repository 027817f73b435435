create or replace function automation_private.check_mode(
    p_request automation_private.gated_request,
    p_subject automation_private.firing_subjects
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_gate constant jsonb := p_request.gate;
    v_running constant int := coalesce(cardinality(p_subject.running), 0);
    v_queued int;
    v_before int;
begin
    if not v_gate ? 'mode' or v_gate ? 'needs_key' and p_request.key is null then
        return null;
    end if;
    case v_gate ->> 'mode'
        when 'single' then
            return case when v_running > 0 then '{"reason": "dropped_mode"}'::jsonb end;
        when 'parallel' then
            return case
                when v_running >= (v_gate ->> 'max')::int then '{"reason": "dropped_mode"}'::jsonb
            end;
        when 'queued' then
            select
                count(*)::int,
                (count(*) filter (
                    where (p_request.firing).stage is distinct from 'queued'
                        or (w.since, w.events) < (
                            (p_request.firing).waiting_since, (p_request.firing).events
                        )
                ))::int
            into v_queued, v_before
            from automation_private.waiting_firings as w
            where w.org_id = (p_request.firing).org_id
                and w.listener_id = (p_request.firing).listener_id
                and w.key = coalesce(p_request.key, '')
                and w.stage = 'queued';
            return case
                when v_running = 0 and v_before = 0 then null
                when (p_request.firing).stage is distinct from 'queued'
                    and v_running + v_queued >= (v_gate ->> 'max')::int
                    then '{"reason": "queue_full"}'::jsonb
                -- an ended run wakes the first; the time is for one that ended unseen
                else jsonb_build_object(
                    'stage', 'queued', 'due_at', automation_private.clock() + interval '5 minutes'
                )
            end;
        else
            return null;
    end case;
end;
$$;

comment on function automation_private.check_mode(
    automation_private.gated_request, automation_private.firing_subjects
) is
    'What the runs of its key that have not ended mean for a firing; null: nothing.';
