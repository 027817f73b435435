create or replace function automation.remove_action_limit(p_action text)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org constant uuid := automation_private.require_permission('admin');
    v_removed boolean;
begin
    delete from automation.action_limits as l where l.org_id = v_org and l.limit_key = p_action;
    v_removed := found;
    v_removed := automation_private.end_blocks(v_org, p_action) or v_removed;
    if v_removed then
        perform automation_private.record_audit(
            v_org, 'remove_action_limit', 'action', null, jsonb_build_object('action', p_action)
        );
    end if;
    return v_removed;
end;
$$;

comment on function automation.remove_action_limit(text) is
    'Takes the limit of an action or provider away, and ends a block that it asked for (HTTP 429). '
    'False when there was neither. Needs admin.';
