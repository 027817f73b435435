create or replace function automation_private.is_held(
    p_org_id uuid,
    p_action text,
    p_now timestamptz
)
returns boolean
language sql
stable
return (
    select exists (
        select from automation.action_limits as l
        where l.org_id = p_org_id and l.limit_key = any (k.keys)
    ) or exists (
        select from automation_private.action_blocks as b
        where b.org_id = p_org_id and b.limit_key = any (k.keys) and b.blocked_until > p_now
    )
    from (
        select automation_private.limit_keys(p_action) as keys
        offset 0 -- noqa: PRS
    ) as k
);

comment on function automation_private.is_held(uuid, text, timestamptz) is
    'Whether an action is limited or blocked, so that only the clock sends it.';
