create or replace function automation_cmis.add_notifications(
    p_user_ids uuid[],
    p_title text,
    p_message text,
    p_data jsonb,
    p_post_id uuid,
    p_context jsonb
)
returns int
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count int;
begin
    insert into cmis.notifications (
        org_id, user_id, type, title, message, data, notifiable_type, notifiable_id
    )
    select
        (p_context ->> 'org_id')::uuid, u.user_id, 'workflow', left(p_title, 255), p_message,
        coalesce(p_data, '{}') || jsonb_build_object('instance_id', p_context -> 'instance_id'),
        case when p_post_id is not null then 'scheduled_post' end, p_post_id
    from unnest(p_user_ids) as u (user_id)
    order by u.user_id;
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;

comment on function automation_cmis.add_notifications(uuid[], text, text, jsonb, uuid, jsonb) is
    'Puts one notification into the inbox of each user, about a post if one is named; returns how '
    'many.';
