create or replace function automation_private.end_blocks(p_org_id uuid, p_limit_key text)
returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from automation_private.action_blocks as b
    where b.org_id = p_org_id and b.limit_key = p_limit_key;
    return found;
end;
$$;

comment on function automation_private.end_blocks(uuid, text) is
    'Ends what an action or provider asked for; false when it was not blocked.';
