create or replace function automation_cmis.pick_member(
    p_role_code text,
    p_preferred uuid,
    p_context jsonb
)
returns uuid
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select m.user_id
        from unnest(automation_cmis.find_members(p_role_code, p_context)) as m (user_id)
        order by
            m.user_id is not distinct from p_preferred desc,
            (
                select count(*)
                from cmis.social_conversations as c
                where c.org_id = (p_context ->> 'org_id')::uuid
                    and c.assigned_to = m.user_id
                    and c.status in ('open', 'in_progress')
                    and c.deleted_at is null
            ),
            m.user_id
        limit 1
    );
end;
$$;

comment on function automation_cmis.pick_member(text, uuid, jsonb) is
    'Who of those with a role takes a conversation: the preferred one if among them, else the one '
    'with the fewest open conversations, of several the one with the lowest id. Raises MA002 when '
    'nobody has the role.';
