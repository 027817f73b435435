create or replace function automation_cmis.add_notifications(
    p_user_ids uuid[],
    p_title text,
    p_message text,
    p_data jsonb,
    p_about_type text,
    p_about_id uuid,
    p_context jsonb
)
returns int
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_data jsonb := coalesce(nullif(p_data, 'null'), '{}');
begin
    if jsonb_typeof(v_data) <> 'object' then
        raise exception using
            errcode = 'MA001',
            message = '"data" must be an object',
            detail = format('got %s', left(v_data::text, 100)),
            hint = '{"campaign": "…"}';
    end if;
    -- one id for one step and one person: whoever repeats the step tells nobody twice
    insert into cmis.notifications (
        notification_id, org_id, user_id, type, title, message, data, notifiable_type,
        notifiable_id
    )
    select
        coalesce(
            md5((p_context ->> 'idempotency_key') || ' ' || u.user_id)::uuid, gen_random_uuid()
        ),
        (p_context ->> 'org_id')::uuid, u.user_id, 'workflow', left(p_title, 255), p_message,
        v_data || jsonb_build_object('instance_id', p_context -> 'instance_id'),
        case when p_about_id is not null then p_about_type end, p_about_id
    from unnest(p_user_ids) as u (user_id)
    order by u.user_id
    on conflict do nothing;
    return cardinality(p_user_ids);
end;
$$;

comment on function automation_cmis.add_notifications(
    uuid[], text, text, jsonb, text, uuid, jsonb
) is
    'Puts one notification into the inbox of each user, about the record that is named, if any, '
    'unless this step did it before; returns how many users were told.';
