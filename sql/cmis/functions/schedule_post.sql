create or replace function automation_cmis.schedule_post(p_config jsonb, p_context jsonb)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_post jsonb := automation_cmis.lock_post(p_config, p_context, 'scheduled', array['approved']);
    v_wanted timestamptz := (v_post ->> 'scheduled_at')::timestamp at time zone 'utc';
    v_slot timestamptz;
begin
    if jsonb_typeof(p_config -> 'at') <> 'null' then
        v_wanted := automation_cmis.require_instant(p_config, 'at');
    end if;
    v_slot := greatest(v_wanted, now());
    update cmis.scheduled_posts as p
    set
        status = 'scheduled',
        scheduled_at = v_slot at time zone 'utc',
        updated_at = now() at time zone 'utc'
    where p.org_id = (p_context ->> 'org_id')::uuid and p.post_id = (v_post ->> 'post_id')::uuid;
    return jsonb_build_object(
        'post_id', v_post -> 'post_id', 'slot', v_slot, 'moved', v_slot is distinct from v_wanted
    );
end;
$$;

comment on function automation_cmis.schedule_post(jsonb, jsonb) is
    'Action: gives an approved post its slot: "at", else the time its author wished for, else now; '
    'a time that has passed becomes now. Returns {post_id, slot, moved}. Raises MA101 in other '
    'states.';
