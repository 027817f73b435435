create or replace function automation_cmis.assign_mention(
    p_mention_id uuid,
    p_user_id uuid,
    p_context jsonb
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update cmis.social_mentions as m
    set assigned_to = p_user_id, updated_at = now() at time zone 'utc'
    where m.org_id = (p_context ->> 'org_id')::uuid
        and m.mention_id = p_mention_id
        and m.deleted_at is null
        and m.assigned_to is distinct from p_user_id;
end;
$$;

comment on function automation_cmis.assign_mention(uuid, uuid, jsonb) is
    'Makes a mention somebody''s, as the conversation about it is.';
