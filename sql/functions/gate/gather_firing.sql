create or replace function automation_private.gather_firing(
    p_request automation_private.gated_request,
    p_now timestamptz
)
returns automation_private.gated_request
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_firing automation_private.firing := p_request.firing;
    v_stage constant text := case when p_request.gate ? 'batch' then 'batch' else 'debounce' end;
    v_gate constant jsonb := p_request.gate -> v_stage;
    v_key constant text := coalesce(p_request.key, '');
    v_timezone constant text := automation_private.org_timezone_of(v_firing.org_id);
    v_open automation_private.waiting_firings;
    v_fitting bigint[];
    v_due timestamptz := automation_private.add_duration(
        p_now,
        automation_private.parse_duration(coalesce(v_gate ->> 'within', v_gate ->> 'for')),
        v_timezone
    );
begin
    select w.* into v_open
    from automation_private.waiting_firings as w
    where w.org_id = v_firing.org_id
        and w.listener_id = v_firing.listener_id
        and w.key = v_key
        and w.stage = v_stage;
    v_firing.events := v_open.events || v_firing.events;
    v_firing.gathered := coalesce(v_open.gathered, 0) + 1;
    v_firing.waiting_since := coalesce(v_open.since, p_now);
    if v_stage = 'batch' then
        v_due := coalesce(v_open.due_at, v_due);
    else
        v_due := least(
            v_due,
            automation_private.add_duration(
                v_firing.waiting_since,
                automation_private.parse_duration(v_gate ->> 'max_wait'), v_timezone
            )
        );
    end if;
    -- what fits into a trigger: a batch closes early, a debounce keeps the last
    v_fitting := automation_private.fitting_events(v_firing.org_id, v_firing.events);
    delete from automation_private.waiting_firings as w
    where w.org_id = v_open.org_id and w.firing_id = v_open.firing_id;
    if v_stage = 'debounce' then
        v_firing.events := v_fitting;
        v_firing.suppressed := 'waits';
    elsif v_firing.gathered < (v_gate ->> 'size')::int
        and cardinality(v_fitting) = v_firing.gathered
    then
        v_firing.suppressed := 'waits';
    end if;
    p_request.firing := v_firing;
    if v_firing.suppressed is not null then
        perform automation_private.let_wait(
            p_request, jsonb_build_object('stage', v_stage, 'due_at', v_due), p_now
        );
        return p_request;
    end if;
    return automation_private.show_events(p_request);
end;
$$;

comment on function automation_private.gather_firing(
    automation_private.gated_request, timestamptz
) is
    'Puts a firing together with those of its key that wait: a debounce waits for quiet, a batch '
    'until it is full, when it passes with all of them, or until its time is up.';
