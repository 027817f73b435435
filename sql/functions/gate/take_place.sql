create or replace function automation_private.take_place(
    p_request automation_private.gated_request,
    p_subject automation_private.firing_subjects,
    p_now timestamptz
)
returns automation_private.gated_request
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_firing constant automation_private.firing := p_request.firing;
    v_request automation_private.start_request := p_request.request;
    v_key constant text := coalesce(p_request.key, '');
    v_restarts constant boolean := 'restart' in (
        p_request.gate ->> 'mode', p_request.gate ->> 'reenrol'
    );
    v_slots jsonb := automation_private.reserve_limits(p_request, p_now);
begin
    if v_restarts and cardinality(p_subject.running) > 0 then
        perform automation_private.end_runs(v_firing.org_id, p_subject.running, 'restarted');
        p_subject.running := '{}'::uuid[];
    end if;
    if v_firing.kind = 'rule' then
        perform automation_private.begin_trial(v_firing, v_request.instance_id, p_now);
    end if;
    -- what is about nothing in particular has nothing to be remembered by
    if p_request.key is null and p_request.gate ?| '{needs_key,reenrol}'
        and not p_request.gate ? 'cooldown' and v_slots is null
    then
        return p_request;
    end if;
    insert into automation_private.firing_subjects as s (
        org_id, listener_id, key, running, last_id, fired_at, fired, keep_until
    )
    values (
        v_firing.org_id, v_firing.listener_id, v_key, array[v_request.instance_id],
        v_request.instance_id, p_now, 1,
        case
            when coalesce(p_request.gate ->> 'reenrol', '') not in ('never', 'after_gap')
                then automation_private.add_duration(
                    p_now + interval '48 hours',
                    coalesce(
                        automation_private.parse_duration(p_request.gate ->> 'cooldown'),
                        interval '0'
                    ),
                    'UTC'
                )
        end
    )
    on conflict (org_id, listener_id, key) do update
    set
        running = p_subject.running || v_request.instance_id,
        last_id = v_request.instance_id,
        fired_at = p_now,
        fired = s.fired + 1,
        -- moved once a day: an index follows it
        keep_until = case
            when s.threshold is not null or excluded.keep_until is null then null
            when s.keep_until > excluded.keep_until - interval '24 hours' then s.keep_until
            else excluded.keep_until
        end;
    if p_request.gate ->> 'mode' = 'queued' or v_slots is not null then
        v_request.admission := jsonb_build_object(
            'listener', v_firing.listener_id, 'key', v_key, 'slots', coalesce(v_slots, '[]')
        );
        p_request.request := v_request;
    end if;
    return p_request;
end;
$$;

comment on function automation_private.take_place(
    automation_private.gated_request, automation_private.firing_subjects, timestamptz
) is
    'Notes that a firing starts a run: its limits'' slots, its place among the runs of its key.';
