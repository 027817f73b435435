create or replace function automation_private.has_limits(
    p_actions automation_private.action_call[]
)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_orgs uuid[] := array(select a.org_id from unnest(p_actions) as a);
begin
    return exists (select from automation.action_limits as l where l.org_id = any (v_orgs))
        or exists (
            select from automation_private.action_blocks as b where b.org_id = any (v_orgs)
        );
end;
$$;

comment on function automation_private.has_limits(automation_private.action_call[]) is
    'Whether anything is limited or blocked in the organisations of some actions: all that those '
    'pay who have no limits.';
