create or replace function automation_private.note_enrolment(
    p_org_id uuid,
    p_template_id uuid,
    p_key text,
    p_instance_id uuid,
    p_is_removed boolean
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_subject automation_private.firing_subjects := automation_private.find_subject(
        p_org_id, p_template_id, p_key
    );
begin
    if p_is_removed and cardinality(v_subject.running) > 0 then
        perform automation_private.end_runs(p_org_id, v_subject.running, 'removed');
    end if;
    insert into automation_private.firing_subjects as s (
        org_id, listener_id, key, running, last_id, fired_at, fired, is_removed
    )
    values (
        p_org_id, p_template_id, p_key, array_remove(array[p_instance_id], null), p_instance_id,
        case when p_instance_id is not null then automation_private.clock() end,
        (p_instance_id is not null)::int, p_is_removed
    )
    on conflict (org_id, listener_id, key) do update
    set
        running = coalesce(v_subject.running, '{}') || excluded.running,
        last_id = coalesce(excluded.last_id, s.last_id),
        fired_at = coalesce(excluded.fired_at, s.fired_at),
        fired = s.fired + excluded.fired,
        is_removed = p_is_removed,
        keep_until = null;
end;
$$;

comment on function automation_private.note_enrolment(uuid, uuid, text, uuid, boolean) is
    'Notes that somebody was let in or taken out by hand; who is taken out has no run that goes '
    'on.';
