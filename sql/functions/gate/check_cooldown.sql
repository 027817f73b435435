create or replace function automation_private.check_cooldown(
    p_gate jsonb,
    p_firing automation_private.firing,
    p_subject automation_private.firing_subjects,
    p_now timestamptz
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_until timestamptz;
begin
    -- who waits for a run to end has passed the cooldown already
    if p_firing.stage = 'queued' or p_subject.fired_at is null then
        return null;
    end if;
    v_until := automation_private.add_duration(
        p_subject.fired_at, automation_private.parse_duration(p_gate ->> 'cooldown'),
        automation_private.org_timezone_of(p_firing.org_id)
    );
    return case
        when p_now < v_until then jsonb_build_object(
            'reason', 'cooldown', 'until', automation_private.format_instant(v_until, 'UTC')
        )
    end;
end;
$$;

comment on function automation_private.check_cooldown(
    jsonb, automation_private.firing, automation_private.firing_subjects, timestamptz
) is
    'Why a firing comes too soon after the last one of its key; null when it does not.';
