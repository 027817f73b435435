create or replace function automation_private.take_held_tokens(
    p_org_id uuid,
    p_instance_ids uuid[],
    p_reasons text[]
)
returns automation_private.token[]
language sql
volatile
begin atomic
    with taken as (
        delete from automation_private.held_tokens as h
        where h.org_id = p_org_id
            and h.instance_id = any (p_instance_ids)
            and h.reason = any (p_reasons)
        returning h.held_id, automation_private.held_token(h) as token
    )

    select coalesce(array_agg(t.token order by t.held_id), '{}') from taken as t;
end;

comment on function automation_private.take_held_tokens(uuid, uuid[], text[]) is
    'The tokens of instances that were laid aside for these reasons; nobody holds them any more.';
