create or replace function automation_private.step_subject(
    p_firing automation_private.firing,
    p_key text,
    p_listener automation_private.listeners,
    p_sample jsonb
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_watches constant text := md5(jsonb_build_array(
        p_listener.threshold, p_listener.sample, p_listener.denominator, p_listener.since
    )::text);
    v_state jsonb;
begin
    select s.threshold into v_state
    from automation_private.firing_subjects as s
    where s.org_id = p_firing.org_id and s.listener_id = p_firing.listener_id and s.key = p_key;
    -- another threshold, or the same activated again, begins anew: much may have happened since
    if v_state ->> 'watches' is distinct from v_watches then
        v_state := null;
    end if;
    v_state := automation.threshold_step(
        v_state - 'watches', p_sample, p_listener.threshold
    );
    insert into automation_private.firing_subjects as s (org_id, listener_id, key, threshold)
    values (
        p_firing.org_id, p_firing.listener_id, p_key,
        v_state || jsonb_build_object('watches', v_watches)
    )
    on conflict (org_id, listener_id, key) do update
    set threshold = excluded.threshold, keep_until = null;

    delete from automation_private.waiting_firings as w
    where w.listener_id = p_firing.listener_id
        and w.org_id = p_firing.org_id
        and w.key = p_key
        and w.stage = 'threshold';
    if v_state ? 'due' then
        insert into automation_private.waiting_firings (
            org_id, listener_id, kind, stage, key, events, gathered, priority, causation, since,
            due_at
        )
        values (
            p_firing.org_id, p_firing.listener_id, p_firing.kind, 'threshold', p_key,
            p_firing.events, 1, p_firing.priority, p_firing.causation, automation_private.clock(),
            to_timestamp((v_state ->> 'due')::float8)
        );
    end if;
    return v_state;
end;
$$;

comment on function automation_private.step_subject(
    automation_private.firing, text, automation_private.listeners, jsonb
) is
    'Shows a value, or that time has passed, to the threshold of one thing and returns its new '
    'state. What it has to look at again waits for its time.';
