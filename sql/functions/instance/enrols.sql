create or replace function automation_private.enrols(p_org_id uuid, p_template_id uuid)
returns boolean
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select from automation_private.listeners as l
        where l.org_id = p_org_id
            and l.listener_id = p_template_id
            and l.kind = 'template'
            and l.gate <> '{}'
    );
end;
$$;

comment on function automation_private.enrols(uuid, uuid) is
    'Whether events start a template and it keeps who is in.';
