create or replace function automation_private.miss_output(
    p_org_id uuid,
    p_instance_id uuid,
    p_step_id uuid,
    p_started_at timestamptz,
    p_now timestamptz
)
returns jsonb
language sql
stable
return jsonb_build_object(
    'matched', false, 'event', null,
    'waited_seconds', round(extract(epoch from p_now - p_started_at), 3)
) || (
    select coalesce(jsonb_object_agg('undecided', u.events), '{}')
    from (
        select sum(w.undecided) as events
        from automation_private.event_waits as w
        where w.org_id = p_org_id and w.instance_id = p_instance_id and w.step_id = p_step_id
    ) as u
    where u.events > 0
);

comment on function automation_private.miss_output(
    uuid, uuid, uuid, timestamptz, timestamptz
) is
    'The output of a wait whose time is up: no event, and for how many events it could not say '
    'whether they were meant.';
