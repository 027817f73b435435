create or replace function automation_private.check_reenrolment(
    p_gate jsonb,
    p_subject automation_private.firing_subjects,
    p_now timestamptz
)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_ended timestamptz;
    v_until timestamptz;
begin
    if p_subject.is_removed then
        return '{"reason": "removed"}'::jsonb;
    elsif p_gate ->> 'reenrol' in ('restart', 'per_event_key') then
        return null;
    elsif cardinality(p_subject.running) > 0 then
        return '{"reason": "already_enrolled"}'::jsonb;
    elsif p_gate ->> 'reenrol' = 'never' and p_subject.fired > 0 then
        return '{"reason": "not_reenrolled"}'::jsonb;
    elsif p_gate ? 'gap' and p_subject.fired > 0 then
        v_ended := (
            select i.completed_at
            from automation.workflow_instances as i
            where i.org_id = p_subject.org_id and i.instance_id = p_subject.last_id
        );
        v_until := automation_private.add_duration(
            coalesce(v_ended, p_subject.fired_at),
            automation_private.parse_duration(p_gate ->> 'gap'),
            automation_private.org_timezone_of(p_subject.org_id)
        );
        if p_now < v_until then
            return jsonb_build_object(
                'reason', 'not_reenrolled',
                'until', automation_private.format_instant(v_until, 'UTC')
            );
        end if;
    end if;
    return null;
end;
$$;

comment on function automation_private.check_reenrolment(
    jsonb, automation_private.firing_subjects, timestamptz
) is
    'Why a template does not let somebody in, now or again; null when it does.';
