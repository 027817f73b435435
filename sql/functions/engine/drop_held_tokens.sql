create or replace function automation_private.drop_held_tokens(
    p_org_ids uuid[],
    p_instance_ids uuid[],
    p_scope_ids uuid[],
    p_keeps boolean
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_keeps then
        update automation_private.held_tokens as h
        set reason = 'failed', mutex = null
        from unnest(p_org_ids, p_instance_ids, p_scope_ids) as u (org_id, instance_id, scope_id)
        where h.org_id = u.org_id and h.instance_id = u.instance_id and h.scope_id = u.scope_id;
        return;
    end if;
    delete from automation_private.held_tokens as h
    using unnest(p_org_ids, p_instance_ids, p_scope_ids) as u (org_id, instance_id, scope_id)
    where h.org_id = u.org_id and h.instance_id = u.instance_id and h.scope_id = u.scope_id;
    delete from automation_private.queued_arrivals as q
    using unnest(p_org_ids, p_instance_ids, p_scope_ids) as u (org_id, instance_id, scope_id)
    where q.org_id = u.org_id and q.instance_id = u.instance_id and q.scope_id = u.scope_id;
end;
$$;

comment on function automation_private.drop_held_tokens(uuid[], uuid[], uuid[], boolean) is
    'Removes the tokens that were laid aside or have arrived at a merge in scopes that close, or '
    'keeps them for a retry.';
