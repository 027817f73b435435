create or replace function automation_private.admit_request(
    p_request automation_private.gated_request,
    p_now timestamptz
)
returns automation_private.gated_request
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_gate constant jsonb := p_request.gate;
    v_firing automation_private.firing := p_request.firing;
    v_subject automation_private.firing_subjects;
    v_verdict jsonb;
begin
    if automation_private.is_paused(v_firing.org_id) then
        v_firing.suppressed := 'org_paused';
        p_request.firing := v_firing;
        return p_request;
    elsif v_gate = '{}' then
        return p_request;
    end if;
    v_verdict := case
        -- nobody in particular is not everybody
        when p_request.key is null and (
            v_gate ? 'key' or coalesce(v_gate ->> 'reenrol', 'per_event_key') <> 'per_event_key'
        ) then '{"reason": "no_key"}'
        else automation_private.check_health(v_firing, p_now)
    end;
    if v_verdict is null and v_firing.stage is null and v_gate ?| '{debounce,batch}' then
        p_request := automation_private.gather_firing(p_request, p_now);
        v_firing := p_request.firing;
        if v_firing.suppressed is not null then
            return p_request;
        end if;
    end if;
    if v_verdict is null then
        v_subject := automation_private.find_subject(
            v_firing.org_id, v_firing.listener_id, coalesce(p_request.key, '')
        );
        v_verdict := coalesce(
            case
                when v_gate ? 'cooldown'
                    then automation_private.check_cooldown(v_gate, v_firing, v_subject, p_now)
            end,
            case
                when v_gate ? 'reenrol'
                    then automation_private.check_reenrolment(v_gate, v_subject, p_now)
            end,
            case
                when v_gate ? 'limits'
                    then automation_private.find_limit_hit(p_request, p_now)
            end,
            automation_private.check_mode(p_request, v_subject)
        );
    end if;
    if v_verdict is null then
        return automation_private.take_place(p_request, v_subject, p_now);
    elsif v_verdict ? 'due_at' then
        perform automation_private.let_wait(p_request, v_verdict, p_now);
    end if;
    v_firing.suppressed := case when v_verdict ? 'due_at' then 'waits'
        else v_verdict ->> 'reason' end;
    v_firing.fails := coalesce((v_verdict ->> 'fails')::boolean, false);
    v_firing.details := nullif(v_verdict - '{reason,fails}'::text[], '{}');
    p_request.firing := v_firing;
    return p_request;
end;
$$;

comment on function automation_private.admit_request(
    automation_private.gated_request, timestamptz
) is
    'Lets a firing pass, or says why not: circuit breaker, debounce or batch, cooldown and '
    'enrolment, limits, mode, in this order. What passes has its place reserved.';
